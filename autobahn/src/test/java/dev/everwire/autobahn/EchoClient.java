package dev.everwire.autobahn;

import dev.everwire.netty.NettyDialer;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The client under test, and the way through the cases that the suite's server wants. */
final class EchoClient implements AutoCloseable {
  /** The suite gives up on a case earlier. */
  private static final Duration LONGEST_CASE = Duration.ofMinutes(9);

  private static final Duration TO_DIAL = Duration.ofSeconds(30);

  private final NettyDialer dialer = NettyDialer.builder().compression(Echo.COMPRESSION).build();
  private final String url;
  private final String agent;

  EchoClient(int port, String agent) {
    this.url = "ws://127.0.0.1:" + port;
    this.agent = agent;
  }

  int caseCount() throws IOException, InterruptedException {
    return Integer.parseInt(visit("/getCaseCount", Listening::new));
  }

  void runCase(int number) throws IOException, InterruptedException {
    visit(
        "/runCase?case=" + number + "&agent=" + agent,
        (transport, ended) -> new Echo(transport, () -> ended.complete("")));
  }

  void updateReports() throws IOException, InterruptedException {
    visit("/updateReports?agent=" + agent, Listening::new);
  }

  private String visit(
      String path, BiFunction<Transport, CompletableFuture<String>, Receiver> receiver)
      throws IOException, InterruptedException {
    var ended = new CompletableFuture<String>();
    var request =
        new Dialer.Request(URI.create(url + path), Map.of(), List.of(), TO_DIAL, Echo.LIMITS);
    dialer.dial(
        request,
        dialer.loop(),
        new Dialer.Result() {
          @Override
          public Receiver opened(Transport transport, @Nullable String subprotocol) {
            return receiver.apply(transport, ended);
          }

          @Override
          public void failed(Dialer.Failure failure) {
            ended.completeExceptionally(new IOException(path + ": " + failure.message()));
          }
        });
    try {
      return ended.get(LONGEST_CASE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException(path + ": not at its end after " + LONGEST_CASE, e);
    }
  }

  @Override
  public void close() {
    dialer.close();
  }

  /** Waits for the end and hands on the last text. */
  private static final class Listening implements Receiver {
    private final CompletableFuture<String> ended;
    private String text = "";

    Listening(Transport transport, CompletableFuture<String> ended) {
      this.ended = ended;
    }

    @Override
    public void onText(ByteBuffer utf8) {
      text = StandardCharsets.UTF_8.decode(utf8).toString();
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {
      ended.complete(text);
    }
  }
}
