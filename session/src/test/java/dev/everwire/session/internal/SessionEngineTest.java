package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.internal.rpc.InboundCall;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a peer sends, and what is run and answered. */
class SessionEngineTest extends EngineByHand {
  @Test
  void aRequestIsRunAndItsResultGoesBackUnderItsOwnId() {
    receive("{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"method\":\"work\",\"params\":[1]}");
    assertThat(effects.next()).isEqualTo("run work");
    finish(effects.started.get(0), "{\"a\":1}");
    assertThat(effects.next())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"result\":{\"a\":1}}");
    effects.assertExhausted();
  }

  @Test
  void aNullResultIsAnsweredAsNull() {
    request(1);
    effects.next();
    finish(effects.started.get(0), "null");
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}");
  }

  @Test
  void anIdOfNullIsARequest() {
    receive("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"work\"}");
    effects.next();
    finish(effects.started.get(0), "1");
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":1}");
  }

  @Test
  void anUnknownMethodIsNotFoundAndAnUnknownNotificationIsIgnored() {
    receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.other\"}");
    assertThat(effects.next()).startsWith(failure("1", -32601));
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"nothing\"}");
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/unheard\"}");
    effects.assertExhausted();
    assertThat(engine.ignored()).isEqualTo(2);
  }

  @Test
  void badTextIsAnsweredAndTheConversationGoesOn() {
    receive("{");
    assertThat(effects.next()).startsWith(failure("null", -32700));
    receive("{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"work\"}");
    assertThat(effects.next()).startsWith(failure("7", -32600));
    receive("[]");
    assertThat(effects.next()).startsWith(failure("null", -32600));
    request(1);
    assertThat(effects.next()).isEqualTo("run work");
  }

  @Test
  void requestsRunTogetherUpToTheBoundThenWaitThenAreRefused() {
    for (int id = 1; id <= 4; id++) {
      request(id);
    }
    assertThat(effects.next()).isEqualTo("run work");
    assertThat(effects.next()).isEqualTo("run work");
    String refused = effects.next();
    assertThat(refused).startsWith(failure("4", -32006)).contains("\"retryAfterMs\":1000");
    effects.assertExhausted();
    finish(effects.started.get(1), "2");
    assertThat(effects.all())
        .containsExactly("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2}", "run work");
  }

  @Test
  void whileDrainingNewRequestsAreRefusedAndTheAdmittedOnesGoOn() {
    request(1);
    engine.drain();
    request(2);
    assertThat(effects.next()).isEqualTo("run work");
    assertThat(effects.next()).startsWith(failure("2", -32012)).contains("\"retryable\":true");
    finish(effects.started.get(0), "1");
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
  }

  @Test
  void notificationsRunOneByOneAndARequestWaitsForThoseBeforeIt() {
    notification();
    request(1);
    notification();
    assertThat(effects.all()).containsExactly("run tell");
    engine.returned(effects.started.get(0), now);
    assertThat(effects.all()).containsExactlyInAnyOrder("run work", "run tell");
  }

  @Test
  void aRequestDoesNotWaitForANotificationThatMayBeWaitingForIt() {
    notification();
    request(1);
    assertThat(effects.all()).containsExactly("run tell");
    engine.call("hers", null, SECOND, outcomes::add);
    assertThat(effects.next()).contains("\"s:1\"");
    assertThat(effects.next()).isEqualTo("run work");
  }

  @Test
  void aRequestThatWaitsForRoomDoesNotHoldUpANotification() {
    request(1);
    request(2);
    request(3);
    notification();
    assertThat(effects.all()).containsExactly("run work", "run work", "run tell");
  }

  @Test
  void readingPausesWhenNotificationsPileUpAndGoesOnWhenHalfAreHandled() {
    for (int i = 0; i < 5; i++) {
      notification();
    }
    assertThat(effects.all()).containsExactly("run tell", "reading false");
    engine.returned(effects.started.get(0), now);
    assertThat(effects.all()).containsExactly("run tell");
    engine.returned(effects.started.get(1), now);
    assertThat(effects.all()).containsExactly("run tell", "reading true");
  }

  @Test
  void aBatchIsAnsweredInOneArrayWhenItsLastMemberIsDone() {
    receive(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"work\"},1,"
            + "{\"jsonrpc\":\"2.0\",\"method\":\"tell\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"work\"}]");
    assertThat(effects.all()).containsExactly("run tell", "run work");
    engine.returned(effects.started.get(0), now);
    assertThat(effects.all()).containsExactly("run work");
    List<InboundCall> requests =
        effects.started.stream().filter(call -> !call.notification()).toList();
    finish(requests.get(1), "2");
    effects.assertExhausted();
    finish(requests.get(0), "1");
    assertThat(effects.next())
        .startsWith("[" + failure("null", -32600))
        .endsWith(
            ",{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2},"
                + "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}]");
  }

  @Test
  void aBatchOfNotificationsIsNotAnswered() {
    receive("[{\"jsonrpc\":\"2.0\",\"method\":\"nothing\"}]");
    effects.assertExhausted();
  }

  @Test
  void afterALostLinkWaitingRequestsAreDroppedAndNotificationsStillRun() {
    for (int id = 1; id <= 3; id++) {
      request(id);
    }
    notification();
    notification();
    effects.all();
    engine.lost("cut");
    for (InboundCall call : List.copyOf(effects.started)) {
      finish(call, "1");
    }
    assertThat(effects.all()).containsExactly("run tell");
    engine.returned(effects.started.get(3), now);
    assertThat(engine.inboundCalls()).isZero();
  }

  @Test
  void aCancelledRequestIsAnsweredAtOnceAndInterruptedAndItsResultIsVoid() {
    request(1);
    effects.next();
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}}");
    assertThat(effects.next()).startsWith(failure("1", -32800));
    assertThat(effects.next()).isEqualTo("interrupt work");
    finish(effects.started.get(0), "1");
    effects.assertExhausted();
    assertThat(engine.inboundCalls()).isZero();
  }

  @Test
  void aRequestCancelledWhileItWaitsNeverStarts() {
    for (int id = 1; id <= 3; id++) {
      request(id);
    }
    effects.all();
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":3}}");
    assertThat(effects.next()).startsWith(failure("3", -32800));
    finish(effects.started.get(0), "1");
    assertThat(effects.all()).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
  }

  @Test
  void handlersThatWaitForThePeerMakeRoomForThoseThatFreeThem() {
    request(1);
    request(2);
    request(3);
    assertThat(effects.all()).containsExactly("run work", "run work");
    engine.call("hers", null, SECOND, outcomes::add);
    assertThat(effects.next()).contains("\"s:1\"");
    assertThat(effects.next()).isEqualTo("run work");
  }

  @Test
  void anAnswerThatAHandlerWaitsForIsReadHoweverManyNotificationsWait() {
    for (int i = 0; i < 5; i++) {
      notification();
    }
    assertThat(effects.all()).containsExactly("run tell", "reading false");
    engine.call("hers", null, SECOND, outcomes::add);
    assertThat(effects.next()).contains("\"s:1\"");
    assertThat(effects.next()).isEqualTo("reading true");
    receive("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"result\":5}");
    assertThat(outcomes).hasSize(1);
    assertThat(effects.next()).isEqualTo("reading false");
  }

  @Test
  void notificationsWithoutEndAreNotTakenIn() {
    engine.call("hers", null, SECOND, outcomes::add);
    for (int i = 0; i < 41; i++) {
      notification();
    }
    assertThat(effects.all()).contains("close 4200 too much waits to be handled");
  }

  @Test
  void requestsStartAgainWhenThePeerReads() {
    engine.writable(false, 0, 0);
    request(1);
    effects.all();
    engine.writable(true, SECOND, 0);
    assertThat(effects.all()).containsExactly("run work", "reading true");
  }
}
