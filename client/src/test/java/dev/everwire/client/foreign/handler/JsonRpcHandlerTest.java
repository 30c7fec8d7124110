package dev.everwire.client.foreign.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.foreign.MessageKind;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonRpcHandlerTest {
  private static final JsonRpcHandler HANDLER = JsonRpcHandler.create();

  private static Text text(String text) {
    return ForeignMessage.text(text.replace('\'', '"'));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'jsonrpc':'2.0','id':'1','result':1}                | RESPONSE",
        "{'jsonrpc':'2.0','id':1,'result':null}               | RESPONSE",
        "{'jsonrpc':'2.0','id':1,'error':{'code':1}}          | RESPONSE",
        "{'jsonrpc':'2.0','id':null,'error':{'code':1}}       | CONTROL",
        "{'jsonrpc':'2.0','method':'m','params':{}}           | UPDATE",
        "{'jsonrpc':'2.0','id':1,'method':'m'}                | CONTROL",
        "{'jsonrpc':'2.0'}                                    | CONTROL",
        "[]                                                   | UNKNOWN",
        "pong                                                 | UNKNOWN",
      })
  void messagesAreClassified(String message, MessageKind kind) {
    assertThat(HANDLER.classify(text(message))).isEqualTo(kind);
  }

  @ParameterizedTest(name = "{0}: topic {1}, data {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'method':'m','params':{'subscription':'s','result':[1]}} | s | [1]",
        "{'method':'m','params':{'subscription':'s','x':1}}   | s | {'subscription':'s','x':1}",
        "{'method':'m','params':[1,2]}                        | m | [1,2]",
        "{'method':'m','params':{'subscription':7}}           | m | {'subscription':7}",
        "{'method':'m','params':{'subscription':'s','result':null}} | s | null",
        "{'method':'m'}                                       | m | null",
      })
  void aNotificationHasATopicAndData(String message, String topic, String data) {
    assertThat(HANDLER.topic(text(message))).contains(topic);
    assertThat(HANDLER.data(text(message))).hasToString(data.replace('\'', '"'));
  }

  @Test
  void anErrorIsAFaultAndNeverAResult() {
    Text error =
        text("{'jsonrpc':'2.0','id':'1','error':{'code':-32601,'message':'no','data':{'a':1}}}");
    var fault = HANDLER.fault(error).orElseThrow();
    assertThat(fault.code()).isEqualTo(-32601);
    assertThat(fault.message()).isEqualTo("no");
    assertThat(fault.data()).hasToString("{\"a\":1}");
    assertThat(HANDLER.fault(text("{'id':'1','result':{'error':1}}"))).isEmpty();
    assertThat(HANDLER.result(text("{'id':'1','result':null}"))).isEqualTo(RawJson.NULL);
  }

  @Test
  void topicsArePositionalParameters() {
    assertThat(HANDLER.subscribe(List.of("a", "b"), "X"))
        .containsExactly(
            text("{'jsonrpc':'2.0','id':'X','method':'subscribe','params':['a','b']}"));
    assertThat(HANDLER.methods("eth_subscribe", "eth_unsubscribe").unsubscribe(List.of("a"), "X"))
        .containsExactly(
            text("{'jsonrpc':'2.0','id':'X','method':'eth_unsubscribe','params':['a']}"));
  }

  @Test
  void aRequestGetsItsIdAndVersion() {
    RawJson request = JsonRpcHandler.request("sum", RawJson.parse("[1,2]"));
    assertThat(HANDLER.injectRequestId(ForeignMessage.json(request), "X"))
        .isEqualTo(text("{'jsonrpc':'2.0','id':'X','method':'sum','params':[1,2]}"));
    assertThat(JsonRpcHandler.request("now", null)).hasToString("{\"method\":\"now\"}");
  }

  @Test
  void confirmationIsExpectedUnlessSaidOtherwise() {
    assertThat(HANDLER.confirmsSubscriptions()).isTrue();
    assertThat(HANDLER.unconfirmed().confirmsSubscriptions()).isFalse();
  }
}
