package dev.everwire.app.cli;

import dev.everwire.client.Client;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.TopicName;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.ConnectionLostException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "subscribe",
    description = {
      "Prints the events of topics, one JSON object to a line:",
      "{\"topic\":…,\"offset\":…,\"epoch\":…,\"data\":…}",
      "Comes back whenever the connection is lost and goes on where it was. What could not be"
          + " recovered is said on standard error, as is every change of the connection; with"
          + " --json there are JSON objects too."
    })
final class SubscribeCommand extends RemoteCommand implements Callable<Integer> {
  private static final ReconnectPolicy RECONNECT =
      ReconnectPolicy.exponential(Duration.ofMillis(500), Duration.ofSeconds(15));
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "TOPIC", description = Texts.TOPIC)
  private List<TopicName> topics = List.of();

  @Option(names = "--count", paramLabel = "N", description = "Ends after so many events.")
  private @Nullable Long count;

  @Option(
      names = "--since",
      paramLabel = "EPOCH:OFFSET",
      description = "Begins behind this position; with one topic only.")
  private @Nullable Position since;

  private final ReentrantLock lock = new ReentrantLock();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private long left = Long.MAX_VALUE; // guarded by lock

  @Override
  public Integer call() throws Exception {
    if (count != null && count < 1) {
      throw new CommandException(ExitStatus.USAGE, "--count: " + count + " (expected: >= 1)");
    }
    if (since != null && topics.size() != 1) {
      throw new CommandException(
          ExitStatus.USAGE, "--since goes with one topic: each has positions of its own");
    }
    left = count == null ? Long.MAX_VALUE : count;
    try (Client client = client().reconnect(RECONNECT).onStatus(this::connection).start()) {
      for (TopicName topic : new LinkedHashSet<>(topics)) {
        var subscription = client.subscribe(topic.value(), RawJson.class, since);
        Thread.ofVirtual().name("everwire-" + topic).start(() -> follow(subscription));
      }
      return await(client);
    }
  }

  private int await(Client client) throws Exception {
    try {
      done.get();
      return ExitStatus.OK.code();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof RuntimeException cause)) {
        throw e;
      }
      RuntimeException ended =
          cause instanceof ConnectionLostException
                  && client.status() instanceof Status.Failed(String why)
              ? new CommandException(ExitStatus.UNAVAILABLE, why)
              : cause;
      if (!json() || ended instanceof CommandException.OutputClosed) {
        throw ended;
      }
      say(Notices.status(new Status.Closed(Sentences.oneLine(ended)), true));
      return Sentences.status(ended).code();
    }
  }

  private void connection(Status status) {
    switch (status) {
      case Status.Connecting connecting -> say(Notices.status(status, json()));
      case Status.Reconnecting reconnecting -> say(Notices.status(status, json()));
      case Status.Ready ready -> say(Notices.status(status, json()));
      default -> {} // steps on the way; why it ended is the command's last sentence
    }
  }

  private void follow(Subscription<RawJson> subscription) {
    try {
      begin(subscription);
      while (!done.isDone()) {
        print(subscription, subscription.next());
      }
    } catch (NoSuchElementException e) {
      done.complete(null); // closed, because another topic brought the last event wanted
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.complete(null);
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  /** Says where the subscription begins, once the server has said it. */
  private void begin(Subscription<RawJson> subscription) throws InterruptedException {
    Optional<Position> position = subscription.position();
    while (position.isEmpty()) {
      Optional<Event<RawJson>> event = subscription.poll(LOOK_AGAIN);
      position = subscription.position();
      if (position.isPresent()) {
        say(Notices.subscribed(subscription.topic(), position.get(), json()));
      }
      if (event.isPresent()) {
        print(subscription, event.get());
      }
    }
  }

  private void print(Subscription<RawJson> subscription, Event<RawJson> event) {
    String topic = subscription.topic();
    switch (event) {
      case Event.Item<RawJson>(RawJson data, Position position) -> {
        lock.lock();
        try {
          if (left > 0) {
            print(Notices.event(topic, position, data));
            left--;
          }
          if (left == 0) {
            done.complete(null);
          }
        } finally {
          lock.unlock();
        }
      }
      case Event.Gap<RawJson> gap -> say(Notices.gap(topic, gap, json()));
    }
  }

  private void say(String line) {
    err().println(Shown.safe(line));
    err().flush();
  }
}
