package dev.everwire.session.internal.utility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.Caller;
import dev.everwire.session.Exposed;
import dev.everwire.session.FakePeer;
import dev.everwire.session.Params;
import dev.everwire.session.Peer;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UtilitiesTest {
  private static final ValueCodec TEXTS =
      new ValueCodec() {
        @Override
        public @Nullable Object decode(RawJson json, Type type) {
          return type == String.class ? json.asString() : json;
        }

        @Override
        public RawJson encode(@Nullable Object value) {
          throw new AssertionError("not here");
        }
      };

  private final List<Runnable> afterAMinute = new ArrayList<>();
  private final Utilities utilities = new Utilities(() -> "n1", afterAMinute::add);
  private final FakePeer peer = new FakePeer();
  private final Caller caller = new At("s1", peer);

  private @Nullable Object call(Caller from, String method, String params) throws Exception {
    for (List<Exposed> list : List.of(utilities.methods(), utilities.formerMethods())) {
      for (Exposed exposed : list) {
        if (exposed.name().equals(method)) {
          return exposed
              .handler()
              .handle(new Call(method, new Params(RawJson.parse(params), TEXTS), from));
        }
      }
    }
    throw new AssertionError("no method " + method);
  }

  @Test
  void pingIsAnsweredWithPong() throws Exception {
    assertThat(call(caller, "ping", "[]")).isEqualTo("pong");
  }

  @Test
  void detailsNameTheConversationAndNothingOfTheProcess() throws Exception {
    String details =
        "{\"node\":\"n1\",\"session\":\"s1\",\"connection\":\"n1-7\",\"user\":\"eve\","
            + "\"library\":\"everwire-java\",\"protocol\":1}";

    assertThat(call(caller, "peer.details", "[]")).hasToString(details);
    assertThat(call(caller, "get_process_details", "[]")).hasToString(details);
  }

  @Test
  void theCallerIsCalledBackAndFetchesTheAnswerOnce() throws Exception {
    Object id = call(caller, "peer.callMeBack", "{\"method\":\"add\",\"params\":[1,2]}");
    assertThat(peer.last().method()).isEqualTo("add");
    assertThat(peer.last().params()).hasToString("[1,2]");
    assertThat(peer.last().options().within()).contains(Callbacks.DEADLINE);
    peer.last().answer().complete(RawJson.number(3));

    assertThat(call(caller, "peer.response", "[\"" + id + "\"]")).hasToString("3");
    assertThatThrownBy(() -> call(caller, "peer.response", "[\"" + id + "\"]"))
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(FaultCode.NOT_FOUND));
  }

  @Test
  void whoFetchesEarlyWaits() throws Exception {
    Object id = call(caller, "call_me_back", "{\"method_name\":\"add\",\"args\":{\"a\":1}}");
    CompletableFuture<@Nullable Object> fetched = new CompletableFuture<>();
    Thread fetching =
        Thread.ofVirtual()
            .start(() -> {
              try {
                fetched.complete(call(caller, "get_response", "{\"call_id\":\"" + id + "\"}"));
              } catch (Exception e) {
                fetched.completeExceptionally(e);
              }
            });
    peer.last().answer().complete(RawJson.TRUE);

    fetching.join();
    assertThat(fetched.get()).hasToString("true");
  }

  @Test
  void aCallBackThatFailedFailsTheSameWay() throws Exception {
    Object id = call(caller, "peer.callMeBack", "[\"add\"]");
    peer.last().answer().completeExceptionally(new FaultException(404, "no such sum"));

    assertThatThrownBy(() -> call(caller, "peer.response", "[\"" + id + "\"]"))
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(404));
  }

  @Test
  void othersCannotFetchIt() throws Exception {
    Object id = call(caller, "peer.callMeBack", "[\"add\"]");
    peer.last().answer().complete(RawJson.TRUE);

    assertThatThrownBy(
            () -> call(new At("s2", new FakePeer()), "peer.response", "[\"" + id + "\"]"))
        .hasMessageContaining("no call back");
  }

  @Test
  void afterAMinuteItIsForgotten() throws Exception {
    Object id = call(caller, "peer.callMeBack", "[\"add\"]");
    peer.last().answer().complete(RawJson.TRUE);

    afterAMinute.forEach(Runnable::run);

    assertThatThrownBy(() -> call(caller, "peer.response", "[\"" + id + "\"]"))
        .hasMessageContaining("no call back");
  }

  @Test
  void forgettingOneForgetsNoOther() throws Exception {
    Object first = call(caller, "peer.callMeBack", "[\"add\"]");
    peer.last().answer().complete(RawJson.TRUE);
    call(caller, "peer.response", "[\"" + first + "\"]");
    Object second = call(caller, "peer.callMeBack", "[\"add\"]");
    peer.last().answer().complete(RawJson.FALSE);

    afterAMinute.getFirst().run();

    assertThat(call(caller, "peer.response", "[\"" + second + "\"]")).hasToString("false");
  }

  @Test
  void aSessionKeepsAHundredAndNoMore() throws Exception {
    for (int i = 0; i < Callbacks.MOST; i++) {
      call(caller, "peer.callMeBack", "[\"add\"]");
    }

    assertThatThrownBy(() -> call(caller, "peer.callMeBack", "[\"add\"]"))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> assertThat(e.fault().code()).isEqualTo(FaultCode.OVERLOADED));
    assertThat(call(new At("s2", peer), "peer.callMeBack", "[\"add\"]")).isNotNull();
  }

  @Test
  void whoStillWaitsWhenItIsForgottenIsToldSo() throws Exception {
    Object id = call(caller, "peer.callMeBack", "[\"add\"]");
    CompletableFuture<@Nullable Object> fetched = new CompletableFuture<>();
    Thread fetching =
        Thread.ofVirtual()
            .start(() -> {
              try {
                fetched.complete(call(caller, "peer.response", "[\"" + id + "\"]"));
              } catch (Exception e) {
                fetched.completeExceptionally(e);
              }
            });
    while (fetching.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    afterAMinute.forEach(Runnable::run);

    assertThatThrownBy(() -> fetched.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(FaultException.class)
        .hasMessageContaining("no call back of that id");
    peer.last().answer().complete(RawJson.TRUE); // too late, and nobody minds
  }

  @Test
  void theCallBackEndsBeforeItIsForgotten() {
    assertThat(Callbacks.DEADLINE).isLessThan(Utilities.KEPT);
  }

  @Test
  void whatIsFetchedKeepsItsPlaceForTheMinute() throws Exception {
    for (int i = 0; i < Callbacks.MOST; i++) {
      Object id = call(caller, "peer.callMeBack", "[\"add\"]");
      peer.last().answer().complete(RawJson.TRUE);
      call(caller, "peer.response", "[\"" + id + "\"]");
    }

    assertThatThrownBy(() -> call(caller, "peer.callMeBack", "[\"add\"]"))
        .hasMessageContaining("too many calls back");
    assertThat(afterAMinute).hasSize(Callbacks.MOST);

    afterAMinute.forEach(Runnable::run);

    assertThat(call(caller, "peer.callMeBack", "[\"add\"]")).isNotNull();
  }

  @Test
  void aCallBackThatCannotBeMadeTakesNoPlace() {
    Caller refusing = new At("s1", new FakePeer(new FaultException(FaultCode.TOO_LARGE, "large")));
    for (int i = 0; i <= Callbacks.MOST; i++) {
      assertThatThrownBy(() -> call(refusing, "peer.callMeBack", "[\"add\"]"))
          .hasMessage("large (-32008)");
    }
    assertThat(afterAMinute).isEmpty();
  }

  @Test
  void anIdThatIsUnknownIsNotRepeated() {
    assertThatThrownBy(() -> call(caller, "peer.response", "[\"" + "x".repeat(1000) + "\"]"))
        .hasMessage("no call back of that id (-32004)");
  }

  @Test
  void answersThatAreTooLargeAreNotKept() throws Exception {
    Object id = call(caller, "peer.callMeBack", "[\"add\"]");
    peer.last().answer().complete(RawJson.string("x".repeat(Callbacks.MOST_BYTES)));

    assertThatThrownBy(() -> call(caller, "peer.response", "[\"" + id + "\"]"))
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(FaultCode.TOO_LARGE));
  }

  @Test
  void whatIsFetchedMakesRoom() throws Exception {
    for (int i = 0; i < 3; i++) {
      Object id = call(caller, "peer.callMeBack", "[\"add\"]");
      peer.last().answer().complete(RawJson.string("x".repeat(Callbacks.MOST_BYTES - 2)));

      assertThat(call(caller, "peer.response", "[\"" + id + "\"]")).isNotNull();
    }
  }

  @Test
  void whatIsNoMethodIsNotCalled() {
    assertThatThrownBy(() -> call(caller, "peer.callMeBack", "[\"\"]"))
        .hasMessageContaining("method: expected the name of a method");
    assertThatThrownBy(() -> call(caller, "peer.callMeBack", "[\"add\",5]"))
        .hasMessageContaining("params: expected an array or an object");
    assertThat(peer.made()).isEmpty();
  }

  /** Who calls. */
  private record At(String sessionId, Peer peer) implements Caller {
    @Override
    public Optional<String> user() {
      return Optional.of("eve");
    }

    @Override
    public String connectionId() {
      return "n1-7";
    }

    @Override
    public String remoteAddress() {
      return "here:1";
    }

    @Override
    public Optional<Duration> remaining() {
      return Optional.empty();
    }

    @Override
    public boolean cancelled() {
      return false;
    }

    @Override
    public void progress(Object value) {}
  }
}
