package dev.everwire.testkit.mock;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.RecordingReceiver;
import dev.everwire.testkit.RecordingReceiver.Message;
import dev.everwire.testkit.TransportHarness;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client of no protocol, and how its dial ended. For the test's thread. */
final class Guest implements Dialer.Result {
  private final TransportHarness world;
  private final RecordingReceiver receiver = new RecordingReceiver();
  private volatile @Nullable Transport transport; // set on the loop, read by the test
  private volatile @Nullable String subprotocol; // as transport
  private volatile Dialer.@Nullable Failure failure; // as transport

  private Guest(TransportHarness world) {
    this.world = world;
  }

  /** Dials, offering the subprotocols {@code one} and {@code two}, and waits for the outcome. */
  static Guest dial(TransportHarness world, URI uri) {
    Guest guest = new Guest(world);
    Dialer dialer = world.dialer();
    Dialer.Attempt unused =
        dialer.dial(
            new Dialer.Request(
                uri,
                Map.of("X-Test", "yes"),
                List.of("one", "two"),
                Duration.ofSeconds(5),
                TransportLimits.CLIENT),
            dialer.loop(),
            guest);
    world.until(() -> guest.transport != null || guest.failure != null);
    return guest;
  }

  Dialer.@Nullable Failure failure() {
    return failure;
  }

  @Nullable String subprotocol() {
    return subprotocol;
  }

  RecordingReceiver receiver() {
    return receiver;
  }

  List<String> told() {
    return receiver.messages().stream().map(Message::content).toList();
  }

  /** Of the end that came. */
  int code() {
    return Objects.requireNonNull(receiver.closed()).code();
  }

  void say(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    run(opened -> opened.sendText(ByteBuffer.wrap(utf8)));
  }

  void run(Consumer<Transport> action) {
    boolean unused =
        ask(opened -> {
          action.accept(opened);
          return true;
        });
  }

  /** Asks on the loop. */
  <T> T ask(Function<Transport, T> question) {
    Transport opened = Objects.requireNonNull(transport);
    AtomicReference<@Nullable T> answer = new AtomicReference<>();
    opened.loop().execute(() -> answer.set(question.apply(opened)));
    world.until(() -> answer.get() != null);
    return Objects.requireNonNull(answer.get());
  }

  @Override
  public Receiver opened(Transport opened, @Nullable String selected) {
    subprotocol = selected;
    transport = opened;
    return receiver;
  }

  @Override
  public void failed(Dialer.Failure told) {
    failure = told;
  }
}
