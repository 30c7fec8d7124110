package dev.everwire.testkit;

import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the transport contracts share: a listener, connections, and both ends' loops. */
public abstract class TransportSuite {
  private @Nullable TransportHarness harness;
  private Listener.@Nullable Listening listening;
  private Door door = new Door();

  /** A fresh one for each test. */
  protected abstract TransportHarness harness();

  /** One end of a connection. */
  public record End(Transport transport, RecordingReceiver receiver) {}

  /** A connection. */
  public record Link(End client, End server) {}

  /** What a dial came to: an end or a failure. */
  public record Dialled(
      @Nullable End end, @Nullable String subprotocol, Dialer.@Nullable Failure failure) {}

  /** Accepts everything, unless a test says otherwise. */
  protected static final class Door implements Acceptor {
    final BlockingQueue<End> entered = new LinkedBlockingQueue<>();
    final BlockingQueue<Handshake> handshakes = new LinkedBlockingQueue<>();
    volatile TransportLimits limits = TransportLimits.SERVER; // set by the test, read on loops
    volatile @Nullable Function<Handshake, Answer> answer; // as limits
    volatile Function<Transport, RecordingReceiver> receiver = // as limits
        transport -> new RecordingReceiver();

    @Override
    public Answer upgrade(Handshake handshake) {
      handshakes.add(handshake);
      Function<Handshake, Answer> own = answer;
      return own == null ? accept(null) : own.apply(handshake);
    }

    Accept accept(@Nullable String subprotocol) {
      return new Accept(subprotocol, limits, this::open);
    }

    private Receiver open(Transport transport) {
      RecordingReceiver made = receiver.apply(transport);
      entered.add(new End(transport, made));
      return made;
    }

    @Override
    public void http(HttpRequest request, Consumer<HttpReply> reply) {
      reply.accept(HttpReply.text(404, "not found"));
    }
  }

  @BeforeEach
  void start() throws IOException {
    harness = harness();
    door = new Door();
    listening = harness.listener().listen(door);
  }

  @AfterEach
  void stop() {
    if (listening != null) {
      listening.close();
    }
    if (harness != null) {
      harness.close();
    }
  }

  protected final TransportHarness world() {
    if (harness == null) {
      throw new IllegalStateException("before the test");
    }
    return harness;
  }

  protected final Listener.Listening listening() {
    if (listening == null) {
      throw new IllegalStateException("before the test");
    }
    return listening;
  }

  protected final Door door() {
    return door;
  }

  protected final Link connect() {
    return connect(TransportLimits.CLIENT);
  }

  protected final Link connect(TransportLimits clientLimits) {
    Dialled dialled = dial(request("/", clientLimits));
    if (dialled.end() == null) {
      throw new AssertionError("not connected: " + dialled.failure());
    }
    return new Link(dialled.end(), next(door.entered));
  }

  protected final Dialer.Request request(String pathAndQuery) {
    return request(pathAndQuery, TransportLimits.CLIENT);
  }

  protected final Dialer.Request request(String pathAndQuery, TransportLimits limits) {
    URI uri = URI.create("ws://" + listening().host() + ":" + listening().port() + pathAndQuery);
    return new Dialer.Request(uri, Map.of(), List.of(), Duration.ofSeconds(5), limits);
  }

  /** Dials and waits for the result. */
  protected final Dialled dial(Dialer.Request request) {
    var result = new AtomicReference<@Nullable Dialled>();
    dial(request, result::set);
    world().until(() -> result.get() != null);
    return Objects.requireNonNull(result.get());
  }

  protected final Dialer.Attempt dial(Dialer.Request request, Consumer<Dialled> then) {
    Dialer dialer = world().dialer();
    return dialer.dial(
        request,
        dialer.loop(),
        new Dialer.Result() {
          @Override
          public Receiver opened(Transport transport, @Nullable String subprotocol) {
            var receiver = new RecordingReceiver();
            then.accept(new Dialled(new End(transport, receiver), subprotocol, null));
            return receiver;
          }

          @Override
          public void failed(Dialer.Failure failure) {
            then.accept(new Dialled(null, null, failure));
          }
        });
  }

  protected final <T> T next(BlockingQueue<T> queue) {
    world().until(() -> !queue.isEmpty());
    return queue.remove();
  }

  /** Runs something on an end's loop and waits for it. */
  protected final <T> T on(End end, Function<Transport, T> action) {
    return on(end.transport().loop(), () -> action.apply(end.transport()));
  }

  protected final void run(End end, Consumer<Transport> action) {
    boolean done =
        on(
            end,
            transport -> {
              action.accept(transport);
              return true;
            });
    if (!done) {
      throw new IllegalStateException("cannot be");
    }
  }

  protected final <T> T on(Loop loop, Supplier<T> action) {
    var result = new AtomicReference<@Nullable Supplier<T>>();
    loop.execute(() -> {
      try {
        T value = action.get();
        result.set(() -> value);
      } catch (RuntimeException | Error e) {
        result.set(() -> {
          throw e;
        });
      }
    });
    world().until(() -> result.get() != null);
    return Objects.requireNonNull(result.get()).get();
  }
}
