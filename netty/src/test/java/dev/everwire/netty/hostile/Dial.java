package dev.everwire.netty.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One dial of a client of ours, and what came of it. */
final class Dial implements Dialer.Result, Receiver {
  static final String SUBPROTOCOL = "chat.v1";

  private static final long BOUND_SECONDS = 10;
  private static final int LONGEST_MESSAGE = 200;

  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
  private final AtomicInteger ends = new AtomicInteger();
  private volatile @Nullable Transport transport; // set once, on the loop

  private Dial() {}

  static Dial begin(Dialer dialer, int port, Duration timeout) {
    return begin(dialer, port, timeout, Range.LIMITS);
  }

  static Dial begin(Dialer dialer, int port, Duration timeout, TransportLimits limits) {
    var dial = new Dial();
    var request =
        new Dialer.Request(
            URI.create("ws://127.0.0.1:" + port + "/chat"),
            Map.of(),
            List.of(SUBPROTOCOL),
            timeout,
            limits);
    var unused = dialer.dial(request, dialer.loop(), dial);
    return dial;
  }

  /** {@code opened}, or {@code failed} and the status if there was one. */
  String answer() throws Exception {
    return answer.get(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  boolean answered() {
    return answer.isDone();
  }

  /** The code it ended with. */
  int closed() throws Exception {
    return closed.get(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  boolean isClosed() {
    return closed.isDone();
  }

  @Nullable String nextText() throws InterruptedException {
    return texts.poll(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  /** On the connection's loop, and not waited for. */
  void run(Consumer<Transport> action) {
    Transport open = transport;
    if (open == null) {
      throw new IllegalStateException("not opened");
    }
    open.loop().execute(() -> action.accept(open));
  }

  /** How often it was told the end of the dial or of the connection, of which there is one. */
  int ends() {
    return ends.get();
  }

  @Override
  public Receiver opened(Transport opened, @Nullable String subprotocol) {
    transport = opened;
    answer.complete("opened");
    return this;
  }

  @Override
  public void failed(Dialer.Failure failure) {
    ends.incrementAndGet();
    String said = failure.message();
    boolean tooMuch =
        said.length() > LONGEST_MESSAGE || said.contains("xception") || said.contains("io.netty");
    int status = failure.status() == 101 ? 0 : failure.status();
    answer.complete("failed" + (status > 0 ? " " + status : "") + (tooMuch ? ": " + said : ""));
  }

  @Override
  public void onText(ByteBuffer utf8) {
    texts.add(UTF_8.decode(utf8).toString());
  }

  @Override
  public void onBinary(ByteBuffer bytes) {}

  @Override
  public void onClosed(int code, String reason) {
    ends.incrementAndGet();
    closed.complete(code);
  }
}
