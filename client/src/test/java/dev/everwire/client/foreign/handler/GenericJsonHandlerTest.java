package dev.everwire.client.foreign.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.foreign.MessageKind;
import dev.everwire.client.foreign.RequestIds;
import dev.everwire.client.foreign.Sending;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GenericJsonHandlerTest {
  private static final GenericJsonHandler PLAIN = GenericJsonHandler.create();

  private static Text text(String text) {
    return ForeignMessage.text(text.replace('\'', '"'));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'req_id':'1','result':1}      | RESPONSE",
        "{'req_id':1}                   | RESPONSE",
        "{'req_id':true,'topic':'a'}    | UPDATE",
        "{'topic':'a','data':1}         | UPDATE",
        "{'topic':17}                   | UNKNOWN",
        "{'op':'ping'}                  | SYSTEM",
        "{'op':'pong','req_id':'1'}     | SYSTEM",
        "pong                           | SYSTEM",
        "{'op':'welcome'}               | UNKNOWN",
        "'just text'                    | UNKNOWN",
        "{broken                        | UNKNOWN",
      })
  void messagesAreClassified(String message, MessageKind kind) {
    assertThat(PLAIN.classify(text(message))).isEqualTo(kind);
  }

  @Test
  void aTypeFieldSaysOutrightWhatAMessageIs() {
    var handler = GenericJsonHandler.builder().typeField("type", "reply", "news").build();
    assertThat(handler.classify(text("{'type':'news','req_id':'1','topic':'a'}")))
        .isEqualTo(MessageKind.UPDATE);
    assertThat(handler.classify(text("{'type':'reply','topic':'a'}")))
        .isEqualTo(MessageKind.RESPONSE);
    assertThat(handler.classify(text("{'type':'other','topic':'a'}")))
        .isEqualTo(MessageKind.UPDATE);
  }

  @Test
  void subscribesNameAllTopicsAndTheId() {
    assertThat(PLAIN.subscribe(List.of("a", "b"), "X"))
        .containsExactly(text("{'op':'subscribe','req_id':'X','args':['a','b']}"));
    assertThat(PLAIN.unsubscribe(List.of("a"), "X"))
        .containsExactly(text("{'op':'unsubscribe','req_id':'X','args':['a']}"));
  }

  @Test
  void everyNameCanBeChanged() {
    var handler =
        GenericJsonHandler.builder()
            .requestIdField("id")
            .topicField("channel")
            .operationField("method")
            .argsField("params")
            .dataField("payload")
            .resultField("ok")
            .errorField("err")
            .subscribeOps("SUBSCRIBE", "UNSUBSCRIBE")
            .heartbeatOps("PING", "PONG")
            .numericIds()
            .build();
    assertThat(handler.subscribe(List.of("a"), "7"))
        .containsExactly(text("{'method':'SUBSCRIBE','id':7,'params':['a']}"));
    assertThat(handler.topic(text("{'channel':'a'}"))).contains("a");
    assertThat(handler.requestId(text("{'id':7}"))).contains("7");
    assertThat(handler.data(text("{'channel':'a','payload':5}"))).hasToString("5");
    assertThat(handler.result(text("{'id':7,'ok':[1]}"))).hasToString("[1]");
    assertThat(handler.fault(text("{'id':7,'err':'no'}")).orElseThrow().message()).isEqualTo("no");
    assertThat(handler.ping()).contains(text("{'method':'PING'}"));
    assertThat(handler.isPong(text("PONG"))).isTrue();
    assertThat(handler.isPong(text("pong"))).isFalse();
  }

  @Test
  void idsAreUlidStringsOrNumbersThatCount() {
    RequestIds ids = new RequestIds(new Random(1), () -> 0);
    assertThat(PLAIN.newRequestId(ids)).hasSize(26);
    var numeric = GenericJsonHandler.builder().numericIds().build();
    assertThat(numeric.newRequestId(ids)).isEqualTo("1");
    assertThat(numeric.injectRequestId(text("{'op':'x','req_id':9}"), "2"))
        .isEqualTo(text("{'req_id':2,'op':'x'}"));
    assertThatThrownBy(() -> numeric.injectRequestId(text("{}"), "x"))
        .hasMessage("id: x (expected: an integer)");
    assertThatThrownBy(() -> numeric.injectRequestId(text("[]"), "2"))
        .hasMessage("request: no JSON object (expected: one)");
  }

  @ParameterizedTest(name = "{0} fails with {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'error':'no'}                                   | -32000 | no",
        "{'error':{'code':17,'message':'no'}}             | 17     | no",
        "{'error':{'code':'17','message':'no'}}           | 17     | no",
        "{'error':{'why':'no'}}                           | -32000 | the service answered with an error",
        "{'error':5}                                      | -32000 | the service answered with an error",
        "{'error':true,'msg':'bad','ret':'9'}             | 9      | bad",
        "{'success':false,'msg':'bad','ret':9}            | 9      | bad",
        "{'error':false,'success':false}                  | -32000 | the service answered with an error",
        "{'success':false}                                | -32000 | the service answered with an error",
      })
  void errorsBecomeFaults(String message, int code, String why) {
    var handler = GenericJsonHandler.builder().successField("success", "msg", "ret").build();
    var fault = handler.fault(text(message)).orElseThrow();
    assertThat(fault.code()).isEqualTo(code);
    assertThat(fault.message()).isEqualTo(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{'result':1}", "{'error':null}", "{'error':false}", "{'success':true}", "[1]"})
  void whatIsNoErrorIsNoFault(String message) {
    var handler = GenericJsonHandler.builder().successField("success", "msg", "ret").build();
    assertThat(handler.fault(text(message))).isEmpty();
  }

  @Test
  void anAnswerConfirmsAllTopicsOrRefusesAll() {
    List<String> topics = List.of("a", "b");
    assertThat(PLAIN.confirmation(text("{'req_id':'1','result':true}"), topics).confirmed())
        .containsExactlyInAnyOrder("a", "b");
    assertThat(PLAIN.confirmation(text("{'req_id':'1','error':'no'}"), topics).refused())
        .containsOnlyKeys("a", "b");
    assertThat(PLAIN.confirmation(text("{'op':'welcome'}"), topics).confirmed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{'req_id':'1','failed':['b']}", "{'req_id':'1','failed':{'b':'no'}}"})
  void anAnswerMayRefuseSomeTopics(String answer) {
    var handler = GenericJsonHandler.builder().refusedField("failed").build();
    var confirmation = handler.confirmation(text(answer), List.of("a", "b"));
    assertThat(confirmation.confirmed()).containsExactly("a");
    assertThat(confirmation.refused()).containsOnlyKeys("b");
  }

  @Test
  void aPongRepeatsWhatThePingBrought() {
    assertThat(PLAIN.pong(text("ping"))).contains(text("pong"));
    assertThat(PLAIN.pong(text("{'op':'ping','t':17}"))).contains(text("{'op':'pong','t':17}"));
  }

  @Test
  void authenticationBringsTheTokenAndKnowsItsAnswer() {
    var handler = GenericJsonHandler.builder().auth("login", "key").build();
    assertThat(handler.authMessage("T")).contains(text("{'op':'login','key':'T'}"));
    assertThat(handler.authMessage(null)).isEmpty();
    assertThat(PLAIN.authMessage("T")).isEmpty();
    assertThat(handler.isAuthSuccess(text("{'op':'login'}"))).isTrue();
    assertThat(handler.isAuthFailure(text("{'op':'login'}"))).isFalse();
    assertThat(handler.isAuthFailure(text("{'op':'login','error':'no'}"))).isTrue();
    assertThat(handler.isAuthSuccess(text("{'op':'login','error':'no'}"))).isFalse();
    assertThat(handler.isAuthSuccess(text("{'op':'other'}"))).isFalse();
  }

  @Test
  void limitersAreNamedForEachUse() {
    var handler = GenericJsonHandler.builder().limiter(Sending.SUBSCRIBE, "subs").build();
    assertThat(handler.limiter(Sending.SUBSCRIBE)).contains("subs");
    assertThat(handler.limiter(Sending.REQUEST)).isEmpty();
  }

  @Test
  void anEmptyNameIsAConfigurationError() {
    assertThatThrownBy(() -> GenericJsonHandler.builder().topicField(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("topicField: empty (expected: a name)");
  }

  @Test
  void aListOfRefusedTopicsThatIsNoneRefusesNothing() {
    var handler = GenericJsonHandler.builder().refusedField("failed").build();
    assertThat(handler.confirmation(text("{'req_id':'1','failed':17}"), List.of("a")).confirmed())
        .containsExactly("a");
  }

  @Test
  void nullIsAResultAndNotTheWholeMessage() {
    assertThat(PLAIN.result(text("{'req_id':1,'result':null}"))).isEqualTo(RawJson.NULL);
    assertThat(PLAIN.data(text("{'topic':'t','data':null}"))).isEqualTo(RawJson.NULL);
    assertThat(PLAIN.data(text("{'topic':'t','p':1}"))).hasToString("{\"topic\":\"t\",\"p\":1}");
  }
}
