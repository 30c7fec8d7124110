package dev.everwire.client.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.foreign.handler.GenericJsonHandler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutedTest {
  private static final ProtocolHandler HANDLER =
      GenericJsonHandler.builder().reconnectOp("bye").auth("auth", "token").build();

  @ParameterizedTest(name = "{0} while authenticating {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'op':'ping','req_id':1}            | false | ServerPing[]",
        "ping                                | false | ServerPing[]",
        "{'op':'pong','req_id':1,'topic':'a'}| false | Pong[]",
        "pong                                | true  | Pong[]",
        "{'op':'auth','error':'no'}          | true  | AuthFailed[]",
        "{'op':'auth','result':true}         | true  | AuthSucceeded[]",
        "{'op':'auth','result':true}         | false | Other[kind=UNKNOWN, topic=null, addressed=false]",
        "{'op':'bye','req_id':1}             | false | Reconnect[]",
        "{'req_id':'a','topic':'t'}          | false | Response[id=a]",
        "{'req_id':17}                       | false | Response[id=17]",
        "{'topic':'t','data':1}              | true  | Update[topic=t]",
        "{'hello':1}                         | false | Other[kind=UNKNOWN, topic=null, addressed=false]",
        "[1,2]                               | false | Other[kind=UNKNOWN, topic=null, addressed=false]",
        "{'topic':'t','topic':'u'}           | false | Other[kind=UNKNOWN, topic=null, addressed=false]",
        "no JSON at all                      | false | Other[kind=UNKNOWN, topic=null, addressed=false]",
      })
  void heartbeatsComeBeforeEverythingElse(String text, boolean authenticating, String expected) {
    var message = ForeignMessage.text(text.strip().replace('\'', '"'));
    assertThat(Routed.of(message, HANDLER, authenticating)).hasToString(expected);
  }
}
