package dev.everwire.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each body reads what it writes, ignores unknown neighbours and names what is missing. */
class WireTest {
  private static final Position HERE = new Position("k3", 120);
  private static final RawJson DATA = RawJson.parse("{\"p\":1.50}");

  private static Arguments body(Record body, RawJson written, Function<RawJson, Record> read) {
    return Arguments.of(body.getClass().getSimpleName(), body, written, read);
  }

  private static Arguments subscribed(Subscribed body) {
    return body(body, body.write(), Subscribed::read);
  }

  static Stream<Arguments> bodies() {
    Hello hello = new Hello(1, "me", "0.1", List.of("batch"), null);
    Hello resuming =
        new Hello(1, "", "", List.of(), new Hello.Resume("S1", "R1", List.of(17L, 18L)));
    Welcome welcome =
        new Welcome(
            "S2",
            "R2",
            false,
            "unknown",
            1,
            "n3",
            List.of("batch"),
            25_000,
            10_000,
            0,
            Map.of("frame", 10L),
            Map.of(17L, "unknown"),
            1_790_000_000_000L,
            3_300,
            "u1");
    Hello named = new Hello(1, "me", "", List.of(), null, Map.of(), "secret", "browser-1.a");
    Ack answers = Ack.calls(15, List.of(17L, 19L));
    Goaway goaway =
        new Goaway(
            "deploy",
            Duration.ofSeconds(8),
            Duration.ofSeconds(30),
            URI.create("wss://b.example.org/ws"));
    AuthExpiring expiring = new AuthExpiring(Duration.ofSeconds(60));
    Auth auth = new Auth("secret");
    Subscribe subscribe = new Subscribe("a/b", HERE);
    Subscribe fresh = new Subscribe("a/b", null);
    TopicEvent event = new TopicEvent("a/b", 121, DATA);
    Publish publish = new Publish("a/b", DATA);
    Publish.Published published = new Publish.Published(HERE);
    HistoryRequest history = new HistoryRequest("a/b", HERE, 10);
    HistoryRequest all = new HistoryRequest("a/b", null, 0);
    HistoryRequest.Answer answer =
        new HistoryRequest.Answer("a/b", HERE, List.of(new Entry(120, DATA)), true);
    Gap gap = new Gap("a/b", 121, 123, "trimmed");
    Gap newLife = new Gap("a/b", 0, 0, "epoch", "k4");
    Unsubscribed ended = new Unsubscribed("a/b", -32003, "not allowed");
    Items items = new Items(RequestId.number(9), 0, 1, List.of(DATA, RawJson.NULL));
    Items argument = new Items(RequestId.server(9), 2, 7, List.of());
    Credit credit = new Credit(RequestId.number(9), 1, 64);
    StreamEnd end = new StreamEnd(RequestId.number(9), 1, null);
    StreamEnd failed = new StreamEnd(RequestId.number(9), 1, new Fault(-32000, "no", DATA));
    Progress progress = new Progress(RawJson.string("t"), DATA);
    List<Entry> entries = List.of(new Entry(119, RawJson.NULL), new Entry(120, DATA));
    return Stream.of(
        body(hello, hello.write(), Hello::read),
        body(resuming, resuming.write(), Hello::read),
        body(named, named.write(), Hello::read),
        body(goaway, goaway.write(), Goaway::read),
        body(answers, answers.write(), Ack::read),
        body(Ack.inbox(44), Ack.inbox(44).write(), Ack::read),
        body(expiring, expiring.write(), AuthExpiring::read),
        body(auth, auth.write(), Auth::read),
        body(welcome, welcome.write(), Welcome::read),
        body(subscribe, subscribe.write(), Subscribe::read),
        body(fresh, fresh.write(), Subscribe::read),
        subscribed(
            new Subscribed("a/b", HERE, Subscribed.Recovery.NOT_ASKED, List.of(), false, null, 0)),
        subscribed(
            new Subscribed("a/b", HERE, Subscribed.Recovery.COMPLETE, entries, true, null, 0)),
        subscribed(
            new Subscribed(
                "a/b", HERE, Subscribed.Recovery.IMPOSSIBLE, List.of(), false, "trimmed", 100)),
        body(event, event.write(), TopicEvent::read),
        body(publish, publish.write(), Publish::read),
        body(published, published.write(), Publish.Published::read),
        body(ended, ended.write(), Unsubscribed::read),
        body(history, history.write(), HistoryRequest::read),
        body(all, all.write(), HistoryRequest::read),
        body(answer, answer.write(), HistoryRequest.Answer::read),
        body(gap, gap.write(), Gap::read),
        body(newLife, newLife.write(), Gap::read),
        body(items, items.write(), Items::read),
        body(argument, argument.write(), Items::read),
        body(credit, credit.write(), Credit::read),
        body(end, end.write(), StreamEnd::read),
        body(failed, failed.write(), StreamEnd::read),
        body(progress, progress.write(), Progress::read));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void aBodyReadsWhatItWrites(
      String name, Record body, RawJson written, Function<RawJson, Record> read) {
    assertThat(read.apply(written)).isEqualTo(body);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void anUnknownNeighbourIsIgnored(
      String name, Record body, RawJson written, Function<RawJson, Record> read) {
    String text = written.toString();
    RawJson wider = RawJson.parse("{\"future\":[{}]," + text.substring(1));
    assertThat(read.apply(wider)).isEqualTo(body);
  }

  @Test
  void noTokenIsWrittenToALog() {
    assertThat(new Auth("secret").toString()).doesNotContain("secret");
    assertThat(new Hello(1, "me", "", List.of(), null, Map.of(), "secret").toString())
        .doesNotContain("secret");
  }

  @Test
  void aGoawayWithoutTimesMeansNow() {
    assertThat(Goaway.read(null)).isEqualTo(new Goaway("", Duration.ZERO, Duration.ZERO, null));
    assertThat(Goaway.read(RawJson.parse("{\"inMs\":-5,\"closeAtMs\":1000}")).closeIn())
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aGoawayMayAskToBeLeftAlone() {
    Goaway told = new Goaway("full", Duration.ZERO, Duration.ZERO, null, Duration.ofSeconds(7));
    assertThat(Goaway.read(told.write())).isEqualTo(told);
    assertThat(Goaway.read(RawJson.parse("{\"reason\":\"full\",\"kinds\":[1]}")).retryAfter())
        .isNull();
    assertThat(Goaway.read(RawJson.parse("{\"retryAfterMs\":-1}")).retryAfter()).isNull();
    assertThat(Goaway.read(RawJson.parse("{\"retryAfterMs\":9007199254740991}")).retryAfter())
        .isEqualTo(Duration.ofDays(1));
  }

  @Test
  void aGoawayWithAnAddressThatIsNoneIsOneWithout() {
    Goaway told = Goaway.read(RawJson.parse("{\"reason\":\"deploy\",\"url\":\"ws://[\"}"));
    assertThat(told.url()).isNull();
    assertThat(told.reason()).isEqualTo("deploy");
  }

  @Test
  void aWelcomeOfAnOlderServerGetsDefaults() {
    Welcome welcome = Welcome.read(RawJson.parse("{\"session\":\"S\",\"resumeToken\":\"R\"}"));
    assertThat(welcome.heartbeatIntervalMs()).isEqualTo(25_000);
    assertThat(welcome.heartbeatTimeoutMs()).isEqualTo(10_000);
    assertThat(welcome.generation()).isEqualTo(1);
    assertThat(welcome.resumed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hello     | {}                                                     | v: missing",
        "hello     | {\"v\":2}                                              | v: expected 1",
        "subscribe | {}                                                     | topic: missing",
        "subscribe | {\"topic\":7}                         | topic: expected a string",
        "subscribe | {\"topic\":\"a\",\"since\":{\"offset\":1}}             | epoch: missing",
        "subscribe | {\"topic\":\"a\",\"since\":{\"epoch\":\"\",\"offset\":1}}"
            + " | since: expected an epoch of 1-64 characters and an offset >= 0",
        "subscribe | {\"topic\":\"a\",\"since\":{\"epoch\":\"k\",\"offset\":-1}}"
            + " | since: expected an epoch of 1-64 characters and an offset >= 0",
        "event     | {\"topic\":\"a\",\"offset\":0} | offset: expected an integer >= 1",
        "history   | {\"topic\":\"a\",\"limit\":-1} | limit: expected an integer >= 0",
        "items     | {\"id\":{},\"seq\":1,\"items\":[]} | id: expected a string or a number",
        "items     | {\"seq\":1,\"items\":[]}              | id: missing",
        "items     | {\"id\":9,\"items\":[]}               | seq: missing",
        "items     | {\"id\":9,\"seq\":1,\"items\":7}       | items: expected an array",
        "items     | {\"id\":9,\"arg\":0,\"seq\":1,\"items\":[]} | arg: expected an integer >= 1",
        "credit    | {\"id\":9,\"n\":0}                    | n: expected >= 1",
        "credit    | {\"id\":9,\"n\":-9}                   | n: expected >= 1",
        "credit    | {\"id\":9,\"n\":9223372036854775808} | n: expected an integer",
        "end       | {\"id\":9}                           | arg: missing",
        "end       | {\"id\":9,\"arg\":1,\"error\":{}}      | code: missing",
        "progress  | {\"value\":1}                        | token: missing",
        "progress  | {\"token\":[]}             | token: expected a string or a number",
        "gap       | {\"topic\":\"a\",\"from\":1,\"to\":2}                  | reason: missing",
        "unsubscribed | {\"topic\":\"a\"} | code: missing",
        "unsubscribed | {\"code\":-32003} | topic: missing",
        "unsubscribed | {\"topic\":\"a\",\"code\":99999999999} | code: out of range",
      })
  void whatDoesNotFitIsNamed(String kind, String json, String message) {
    RawJson params = RawJson.parse(json);
    assertThatThrownBy(() -> read(kind, params))
        .isInstanceOf(JsonException.class)
        .hasMessage(message);
  }

  @Test
  void aHelloOfMoreNamesThanAnybodyNeedsIsRefused() {
    String many = "\"a\",".repeat(1_100) + "\"a\"";
    assertThatThrownBy(() -> Hello.read(RawJson.parse("{\"v\":1,\"caps\":[" + many + "]}")))
        .isInstanceOf(JsonException.class)
        .hasMessage("caps: expected at most 4096 bytes");
    String limits = "\"a" + "a".repeat(4_096) + "\":1";
    assertThatThrownBy(() -> Hello.read(RawJson.parse("{\"v\":1,\"limits\":{" + limits + "}}")))
        .isInstanceOf(JsonException.class)
        .hasMessage("limits: expected at most 4096 bytes");
  }

  @Test
  void aHelloWhoseSenderReadsNextToNothingIsRefused() {
    for (String frame : List.of("4095", "1", "0", "-1")) {
      RawJson params = RawJson.parse("{\"v\":1,\"limits\":{\"frame\":" + frame + "}}");
      assertThatThrownBy(() -> Hello.read(params))
          .isInstanceOf(JsonException.class)
          .hasMessage("limits: frame: expected >= 4096");
    }
    RawJson least = RawJson.parse("{\"v\":1,\"limits\":{\"frame\":4096,\"other\":1}}");
    assertThat(Hello.read(least).limits()).containsEntry("frame", 4096L);
  }

  @Test
  void aHelloThatNamesPendingCallsWithoutEndIsRefused() {
    String ids = "1,".repeat(20_000) + "1";
    RawJson params =
        RawJson.parse(
            "{\"v\":1,\"resume\":{\"session\":\"S\",\"token\":\"R\",\"pending\":[" + ids + "]}}");
    assertThatThrownBy(() -> Hello.read(params))
        .isInstanceOf(JsonException.class)
        .hasMessage("pending: expected at most 1000 ids");
  }

  @ParameterizedTest
  @CsvSource({"hello, v: missing", "subscribe, topic: missing", "event, topic: missing"})
  void missingParametersNameTheFirstThatIsNeeded(String kind, String message) {
    assertThatThrownBy(() -> read(kind, null))
        .isInstanceOf(JsonException.class)
        .hasMessage(message);
  }

  private static Record read(String kind, @Nullable RawJson params) {
    return switch (kind) {
      case "hello" -> Hello.read(params);
      case "subscribe" -> Subscribe.read(params);
      case "event" -> TopicEvent.read(params);
      case "history" -> HistoryRequest.read(params);
      case "items" -> Items.read(params);
      case "credit" -> Credit.read(params);
      case "end" -> StreamEnd.read(params);
      case "progress" -> Progress.read(params);
      case "gap" -> Gap.read(params);
      case "unsubscribed" -> Unsubscribed.read(params);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @Test
  void theEndOfASubscriptionNeedsNoReasonAndMayHaveUnknownNeighbours() {
    RawJson params = RawJson.parse("{\"topic\":\"t\",\"code\":-32003,\"later\":{\"x\":1}}");

    assertThat(Unsubscribed.read(params)).isEqualTo(new Unsubscribed("t", -32003, ""));
  }

  @Test
  void aPublicationKeepsItsDataAndNotTheFrameItCameIn() {
    String padded = "[{\"topic\":\"t\",\"data\":1" + " ".repeat(900) + "}]";
    RawJson params = RawJson.checked(padded.getBytes(StandardCharsets.UTF_8)).elements().getFirst();

    RawJson data = Publish.read(params).data();
    assertThat(data.array()).hasSize(data.length());
  }

  @Test
  void anAcknowledgementThatNamesTooManyIdsIsRefused() {
    String many = "1,".repeat(Ack.MOST_ALSO) + "1";
    assertThatThrownBy(() -> Ack.read(RawJson.parse("{\"calls\":{\"also\":[" + many + "]}}")))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("also");
    assertThatThrownBy(() -> Ack.read(RawJson.parse("{\"inbox\":-1}")))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("inbox");
  }

  @Test
  void aClientIdThatIsNoNameIsRefused() {
    for (String id : List.of("", "x".repeat(129), "a\\nb")) {
      RawJson params = RawJson.parse("{\"v\":1,\"client\":{\"id\":\"" + id + "\"}}");
      assertThatThrownBy(() -> Hello.read(params))
          .isInstanceOf(JsonException.class)
          .hasMessageContaining("client");
    }
  }
}
