package dev.everwire.app.cli;

import dev.everwire.netty.NettyDialer;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One connection with nothing of Everwire's own on it, from its beginning to its end. */
final class RawLink {
  private static final Duration DIAL_WITHIN = Duration.ofSeconds(10);

  /** Makes what a connection is for; tells the second argument the code of its end. */
  interface Use {
    Receiver open(Transport transport, IntConsumer closed);
  }

  private RawLink() {}

  /**
   * Connects and waits for the end.
   *
   * @param headers of the request, which may hold something secret
   * @return the code it ended with
   */
  static int run(URI uri, Map<String, String> headers, TransportLimits limits, Use use)
      throws InterruptedException {
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    try (Dialer dialer = NettyDialer.create()) {
      var request = new Dialer.Request(uri, headers, List.of(), DIAL_WITHIN, limits);
      var unused =
          dialer.dial(
              request,
              dialer.loop(),
              new Dialer.Result() {
                @Override
                public Receiver opened(Transport transport, @Nullable String subprotocol) {
                  return use.open(transport, ended::complete);
                }

                @Override
                public void failed(Dialer.Failure failure) {
                  ended.completeExceptionally(sentence(uri, failure));
                }
              });
      return ended.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof CommandException failed
          ? failed
          : new IllegalStateException(e.getCause());
    }
  }

  private static CommandException sentence(URI uri, Dialer.Failure failure) {
    return new CommandException(
        failure.status() == 0 ? ExitStatus.UNAVAILABLE : ExitStatus.REFUSED,
        uri + ": " + failure.message());
  }
}
