package dev.everwire.it.interop;

import dev.everwire.netty.NettyDialer;
import dev.everwire.netty.options.Compression;
import dev.everwire.netty.tls.ClientTls;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everwire's own transport, with no protocol above. */
final class EverwirePeer implements RealClient {
  private static final int MOST = 128 * 1024 * 1024;
  private static final TransportLimits LIMITS =
      TransportLimits.CLIENT.withMaxMessageBytes(MOST).withMaxQueued(MOST, 10_000);

  private static final Compression ALL = Compression.DEFAULT.withThreshold(0);

  private final List<NettyDialer> dialers = new ArrayList<>();

  @Override
  public Link connect(Ask ask) throws Exception {
    NettyDialer dialer = dialer(ask);
    dialers.add(dialer);
    var request = new Dialer.Request(ask.uri(), ask.headers(), List.of(), Link.WITHIN, LIMITS);
    var opened = new CompletableFuture<Everwire>();
    Dialer.Attempt unused =
        dialer.dial(
            request,
            dialer.loop(),
            new Dialer.Result() {
              @Override
              public Receiver opened(Transport transport, @Nullable String subprotocol) {
                var link = new Everwire(transport);
                opened.complete(link);
                return link.ear();
              }

              @Override
              public void failed(Dialer.Failure failure) {
                opened.completeExceptionally(new Refused(failure.status()));
              }
            });
    try {
      return opened.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Refused refused ? refused : e;
    }
  }

  @Override
  public void close() {
    dialers.forEach(NettyDialer::close);
  }

  private static NettyDialer dialer(Ask ask) {
    NettyDialer.Builder builder = NettyDialer.builder();
    Path trust = ask.trust();
    if (trust != null) {
      builder.tls(ClientTls.trusting(trust));
    }
    switch (ask.deflate()) {
      case OFF -> {}
      case PLAIN -> builder.compression(ALL.withTakeover(true, true));
      case NO_TAKEOVER -> builder.compression(ALL);
      case SMALL_WINDOW -> builder.compression(ALL.withTakeover(true, true).withWindowBits(10, 9));
    }
    return builder.build();
  }

  private static final class Everwire extends Link {
    private final Transport transport;

    Everwire(Transport transport) {
      this.transport = transport;
    }

    Receiver ear() {
      return new Ear();
    }

    /** A receiver is not told; the other side knows. */
    @Override
    String extensions() {
      return "";
    }

    @Override
    void text(String text) {
      ByteBuffer utf8 = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      on(t -> t.sendText(utf8));
    }

    @Override
    void binary(byte[] bytes) {
      on(t -> t.sendBinary(ByteBuffer.wrap(bytes)));
    }

    /** Everything that comes in shows; here that is the Pong. */
    @Override
    void ping(byte[] payload) {
      var before = new CompletableFuture<Long>();
      on(t -> {
        before.complete(t.lastReceivedAt());
        t.ping();
      });
      long sentAt = before.join();
      Await.until(() -> lastReceivedAt() != sentAt, WITHIN);
      hear(new Heard.Pong(new byte[0]));
    }

    @Override
    void close(int code, String reason) {
      on(t -> t.close(code, reason));
    }

    private long lastReceivedAt() {
      var at = new CompletableFuture<Long>();
      on(t -> at.complete(t.lastReceivedAt()));
      return at.join();
    }

    private void on(Consumer<Transport> action) {
      transport.loop().execute(() -> action.accept(transport));
    }

    private final class Ear implements Receiver {
      @Override
      public void onText(ByteBuffer utf8) {
        hear(new Heard.Text(StandardCharsets.UTF_8.decode(utf8).toString()));
      }

      @Override
      public void onBinary(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        hear(new Heard.Binary(bytes));
      }

      @Override
      public void onClosed(int code, String reason) {
        hear(new Heard.Closed(code, reason));
      }
    }
  }
}
