package dev.everwire.testkit;

import static dev.everwire.testkit.Payloads.bytes;
import static dev.everwire.testkit.Payloads.pattern;
import static dev.everwire.testkit.Payloads.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.RecordingReceiver.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every transport does with dials and messages. */
public abstract class TransportContract extends TransportSuite {

  @Test
  void messagesKeepTheirTypeBothWays() {
    door().receiver = TransportContract::echo;
    Link link = connect();
    run(
        link.client(),
        transport -> {
          assertThat(transport.sendText(text("grüß dich €😀"))).isEqualTo(Offer.QUEUED);
          assertThat(transport.sendBinary(bytes(0, 127, 128, 255))).isEqualTo(Offer.QUEUED);
          assertThat(transport.sendText(text(""))).isEqualTo(Offer.QUEUED);
          assertThat(transport.sendBinary(bytes())).isEqualTo(Offer.QUEUED);
        });
    world().until(() -> link.client().receiver().count() == 4);
    assertThat(link.client().receiver().messages())
        .containsExactly(
            Message.text("grüß dich €😀"),
            Message.binary(new byte[] {0, 127, -128, -1}),
            Message.text(""),
            Message.binary(new byte[0]));
  }

  @Test
  void messagesOfAllHeaderLengthsArriveWhole() {
    door().receiver = TransportContract::echo;
    Link link = connect();
    int[] lengths = {1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 300_000};
    for (int length : lengths) {
      run(link.client(), transport -> transport.sendBinary(pattern(length)));
    }
    world().until(() -> link.client().receiver().count() == lengths.length);
    List<Message> came = link.client().receiver().messages();
    for (int i = 0; i < lengths.length; i++) {
      assertThat(came.get(i).bytes()).isEqualTo(pattern(lengths[i]).array());
    }
  }

  @Test
  void tenThousandMessagesStayInOrder() {
    Link link = connect();
    int all = 10_000;
    for (int from = 0; from < all; from += 100) {
      int first = from;
      run(
          link.client(),
          transport -> {
            for (int i = first; i < first + 100; i++) {
              assertThat(transport.sendText(text("message " + i))).isEqualTo(Offer.QUEUED);
            }
          });
    }
    world().until(() -> link.server().receiver().count() == all);
    List<Message> came = link.server().receiver().messages();
    for (int i = 0; i < all; i++) {
      assertThat(came.get(i).content()).isEqualTo("message " + i);
    }
  }

  @Test
  void sendingCopiesAndLeavesTheBufferAsItWas() {
    Link link = connect();
    ByteBuffer whole = text("xx hello yy");
    ByteBuffer window = whole.position(3).limit(8);
    run(
        link.client(),
        transport -> {
          transport.sendText(window);
          assertThat(window.position()).isEqualTo(3);
          assertThat(window.limit()).isEqualTo(8);
          whole.clear().put(text("???????????"));
        });
    world().until(() -> link.server().receiver().count() == 1);
    assertThat(link.server().receiver().messages()).containsExactly(Message.text("hello"));
  }

  @Test
  void aMessageAtTheLimitIsTakenAndALongerOneIsNot() {
    door().limits = TransportLimits.SERVER.withMaxMessageBytes(1000);
    Link link = connect();
    run(link.client(), transport -> transport.sendBinary(pattern(1000)));
    world().until(() -> link.server().receiver().count() == 1);
    run(link.client(), transport -> transport.sendBinary(pattern(1001)));
    world().until(() -> link.client().receiver().isClosed());
    world().until(() -> link.server().receiver().isClosed());
    assertThat(Objects.requireNonNull(link.client().receiver().closed()).code()).isEqualTo(1009);
    assertThat(Objects.requireNonNull(link.server().receiver().closed()).code()).isEqualTo(1009);
    assertThat(link.server().receiver().count()).isEqualTo(1);
  }

  @Test
  void aSharedMessageReachesEverybodyAndIsFreedOnce() {
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      links.add(connect());
    }
    var freed = new AtomicInteger();
    Encoded small = Encoded.text("news for all".getBytes(UTF_8));
    Encoded large = Encoded.binary(pattern(100_000).array());
    for (Encoded shared : List.of(small, large)) {
      assertThat(shared.variant("probe", Probe.class, encoded -> new Probe(freed))).isNotNull();
      for (Link link : links) {
        assertThat(offer(link.server(), transport -> transport.send(shared)))
            .isEqualTo(Offer.QUEUED);
        assertThat(offer(link.client(), transport -> transport.send(shared)))
            .isEqualTo(Offer.QUEUED);
      }
      shared.release();
    }
    for (Link link : links) {
      for (End end : List.of(link.client(), link.server())) {
        world().until(() -> end.receiver().count() == 2);
        assertThat(end.receiver().messages())
            .containsExactly(
                Message.text("news for all"), Message.binary(pattern(100_000).array()));
      }
    }
    world().until(() -> freed.get() > 0);
    assertThat(freed).hasValue(2);
  }

  @Test
  void sharedAndOwnMessagesKeepTheirOrder() {
    Link link = connect();
    Encoded shared = Encoded.text("shared".getBytes(UTF_8));
    run(
        link.server(),
        transport -> {
          for (int i = 0; i < 50; i++) {
            transport.sendText(text("own " + i));
            transport.send(shared);
          }
        });
    shared.release();
    world().until(() -> link.client().receiver().count() == 100);
    List<Message> came = link.client().receiver().messages();
    for (int i = 0; i < 50; i++) {
      assertThat(came.get(2 * i)).isEqualTo(Message.text("own " + i));
      assertThat(came.get(2 * i + 1)).isEqualTo(Message.text("shared"));
    }
  }

  @Test
  void aPingIsAnsweredUnasked() {
    Link link = connect();
    world().pass(Duration.ofMillis(100));
    long before = on(link.client(), Transport::lastReceivedAt);
    run(link.client(), Transport::ping);
    world().until(() -> on(link.client(), Transport::lastReceivedAt) > before);
    assertThat(on(link.server(), Transport::lastReceivedAt)).isGreaterThan(before);
    assertThat(link.client().receiver().messages()).isEmpty();
    assertThat(link.server().receiver().messages()).isEmpty();
  }

  @Test
  void aPeerThatDoesNotReadFillsTheQueueUpToItsBound() {
    door().limits = TransportLimits.SERVER.withMaxQueued(100_000, 1000);
    Link link = connect();
    run(link.client(), transport -> transport.reading(false));
    int queued = fill(link.server());
    assertThat(on(link.server(), Transport::queuedBytes)).isBetween(50_000L, 100_000L);
    assertThat(offer(link.server(), transport -> transport.sendBinary(pattern(16_000))))
        .isEqualTo(Offer.FULL);
    world().until(() -> link.server().receiver().writables().equals(List.of(false)));

    run(link.client(), transport -> transport.reading(true));
    world().until(() -> link.client().receiver().count() == queued);
    world().until(() -> link.server().receiver().writables().equals(List.of(false, true)));
    world().until(() -> on(link.server(), Transport::queuedBytes) == 0);
    assertThat(on(link.server(), Transport::queuedMessages)).isZero();
    assertThat(offer(link.server(), transport -> transport.sendText(text("again"))))
        .isEqualTo(Offer.QUEUED);
  }

  @Test
  void theQueueIsBoundedInMessagesToo() {
    door().limits = TransportLimits.SERVER.withMaxQueued(100_000_000, 3);
    Link link = connect();
    run(link.client(), transport -> transport.reading(false));
    fill(link.server());
    assertThat(on(link.server(), Transport::queuedMessages)).isEqualTo(3);
  }

  @Test
  void anEmptyQueueAdmitsOneMessageOfAnyLength() {
    door().limits = TransportLimits.SERVER.withMaxQueued(100, 10);
    Link link = connect();
    assertThat(offer(link.server(), transport -> transport.sendBinary(pattern(1_000_000))))
        .isEqualTo(Offer.QUEUED);
    world().until(() -> link.client().receiver().count() == 1);
    assertThat(link.client().receiver().messages().getFirst().bytes()).hasSize(1_000_000);
  }

  @Test
  void nothingIsDeliveredWhileReadingIsOff() {
    var seen = new AtomicReference<@Nullable Transport>();
    door().receiver =
        transport -> {
          seen.set(transport);
          return new RecordingReceiver(message -> transport.reading(false));
        };
    Link link = connect();
    run(
        link.client(),
        transport -> {
          for (int i = 0; i < 3; i++) {
            transport.sendText(text("message " + i));
          }
        });
    for (int i = 1; i <= 3; i++) {
      int expected = i;
      world().until(() -> link.server().receiver().count() == expected);
      world().pass(Duration.ofMillis(50));
      assertThat(link.server().receiver().count()).isEqualTo(expected);
      run(link.server(), transport -> transport.reading(true));
    }
  }

  @Test
  void theHandshakeShowsPathQueryAndHeaders() {
    Dialer.Request plain = request("/a%20b/c?token=x%26y&empty=&token=second");
    var request =
        new Dialer.Request(
            plain.uri(),
            Map.of("X-Tenant", "blue"),
            List.of("one.v1", "two.v1"),
            plain.timeout(),
            plain.limits());
    dial(request);
    Handshake seen = next(door().handshakes);
    assertThat(seen.path()).isEqualTo("/a b/c");
    assertThat(seen.query()).containsEntry("token", "x&y").containsEntry("empty", "");
    assertThat(seen.header("x-tenant")).isEqualTo("blue");
    assertThat(seen.header("host")).startsWith(listening().host());
    assertThat(seen.subprotocols()).containsExactly("one.v1", "two.v1");
    assertThat(seen.remoteAddress()).contains(":");
  }

  @Test
  void theServerSelectsOneOfTheOfferedSubprotocols() {
    assertThat(dialOffering("two.v1").subprotocol()).isEqualTo("two.v1");
    assertThat(dialOffering(null).subprotocol()).isNull();
    Dialled wrong = dialOffering("three.v1");
    assertThat(Objects.requireNonNull(wrong.failure()).status()).isEqualTo(500);
  }

  @Test
  void aRefusalReachesTheDialer() {
    door().answer = handshake -> new Acceptor.Refuse(503, "later", Map.of("Retry-After", "7"));
    Dialer.Failure failure = Objects.requireNonNull(dial(request("/")).failure());
    assertThat(failure.status()).isEqualTo(503);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(failure.message()).isNotBlank();
  }

  @Test
  void anAcceptorThatThrowsRefusesWithoutSayingWhy() {
    door().answer =
        handshake -> {
          throw new IllegalStateException("secret");
        };
    Dialer.Failure failure = Objects.requireNonNull(dial(request("/")).failure());
    assertThat(failure.status()).isEqualTo(500);
    assertThat(failure.message()).doesNotContain("secret");
  }

  @Test
  void aDialToNowhereFails() {
    Dialer.Request template = request("/");
    var request =
        new Dialer.Request(
            world().nowhere(), Map.of(), List.of(), Duration.ofSeconds(5), template.limits());
    Dialer.Failure failure = Objects.requireNonNull(dial(request).failure());
    assertThat(failure.status()).isZero();
    assertThat(failure.message()).contains("nothing answers");
  }

  @Test
  void aDialThatIsNotAnsweredFailsWithItsTimeout() {
    var result = new AtomicReference<@Nullable Dialled>();
    dial(silently(Duration.ofMillis(400)), result::set);
    world().pass(Duration.ofMillis(100));
    assertThat(result.get()).isNull();
    world().pass(Duration.ofMillis(500));
    world().until(() -> result.get() != null);
    assertThat(Objects.requireNonNull(Objects.requireNonNull(result.get()).failure()).message())
        .contains("no answer within");
  }

  @Test
  void aCancelledDialSaysNothingMore() {
    var results = new AtomicInteger();
    Dialer.Attempt attempt =
        dial(silently(Duration.ofMillis(200)), dialled -> results.incrementAndGet());
    attempt.cancel();
    attempt.cancel();
    world().pass(Duration.ofMillis(400));
    assertThat(results).hasValue(0);
  }

  @Test
  void connectionsOpenedTogetherDoNotMix() {
    door().receiver = TransportContract::echo;
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      links.add(connect());
    }
    for (int i = 0; i < 10; i++) {
      String own = "for " + i;
      run(links.get(i).client(), transport -> transport.sendText(text(own)));
    }
    for (int i = 0; i < 10; i++) {
      End client = links.get(i).client();
      world().until(() -> client.receiver().count() == 1);
      assertThat(client.receiver().messages()).containsExactly(Message.text("for " + i));
    }
  }

  private Offer offer(End end, Function<Transport, Offer> send) {
    return on(end, send);
  }

  private record Probe(AtomicInteger freed) implements Encoded.Variant {
    @Override
    public void free() {
      freed.incrementAndGet();
    }
  }

  private Dialer.Request silently(Duration timeout) {
    return new Dialer.Request(
        world().silent(), Map.of(), List.of(), timeout, TransportLimits.CLIENT);
  }

  private Dialled dialOffering(@Nullable String selected) {
    door().answer = handshake -> door().accept(selected);
    Dialer.Request plain = request("/");
    return dial(
        new Dialer.Request(
            plain.uri(), Map.of(), List.of("one.v1", "two.v1"), plain.timeout(), plain.limits()));
  }

  /** Sends until the answer is FULL; answers how many were queued. */
  private int fill(End end) {
    int queued = 0;
    for (int pass = 0; pass < 100_000; pass++) {
      Offer offer = offer(end, transport -> transport.sendBinary(pattern(16_000)));
      if (offer == Offer.FULL) {
        return queued;
      }
      assertThat(offer).isEqualTo(Offer.QUEUED);
      queued++;
    }
    throw new AssertionError("never full");
  }

  private static RecordingReceiver echo(Transport transport) {
    return new RecordingReceiver(message -> {
      ByteBuffer bytes = ByteBuffer.wrap(message.bytes());
      assertThat(message.text() ? transport.sendText(bytes) : transport.sendBinary(bytes))
          .isEqualTo(Offer.QUEUED);
    });
  }
}
