package dev.everwire.netty.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.internal.deflate.Negotiation;
import dev.everwire.netty.options.Compression;
import dev.everwire.session.transport.HttpReply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpgradeRequestTest {
  private static final String GOOD =
      "Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          plain                | Upgrade: websocket^Connection: Upgrade^                             | true
          any case             | UPGRADE: WebSocket^connection: UPGRADE^                             | true
          among others         | Upgrade: h2c, websocket^Connection: keep-alive , upgrade^           | true
          on two lines         | Upgrade: websocket^Connection: close^Connection: Upgrade^           | true
          no upgrade           | Connection: Upgrade^                                                | false
          no connection        | Upgrade: websocket^                                                 | false
          other connection     | Upgrade: websocket^Connection: keep-alive^                          | false
          other upgrade        | Upgrade: h2c^Connection: Upgrade^                                   | false
          only part of a token | Upgrade: xwebsocket, websocket2^Connection: Upgrade^                | false
          part of a connection | Upgrade: websocket^Connection: upgraded, no-upgrade^                | false
          """)
  void bothTokensMakeAnUpgrade(String what, String headers, boolean meant) {
    assertThat(UpgradeRequest.isMeant(head("GET", headers))).isEqualTo(meant);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          good                | GET  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^ | dGhlIHNhbXBsZSBub25jZQ==
          not GET             | POST | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^ | 400 a WebSocket begins with GET and no body
          with a body         | GET  | Content-Length: 1^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^ | 400 a WebSocket begins with GET and no body
          with chunks         | GET  | Transfer-Encoding: chunked^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^ | 400 a WebSocket begins with GET and no body
          with no bytes       | GET  | Content-Length: 0^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^ | dGhlIHNhbXBsZSBub25jZQ==
          no version          | GET  | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^                           | 426 WebSocket version 13 is spoken here
          other version       | GET  | Sec-WebSocket-Version: 8^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^  | 426 WebSocket version 13 is spoken here
          version with a zero | GET  | Sec-WebSocket-Version: 013^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^ | 426 WebSocket version 13 is spoken here
          version list        | GET  | Sec-WebSocket-Version: 13, 8^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^ | 426 WebSocket version 13 is spoken here
          version repeated    | GET  | Sec-WebSocket-Version: 13^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^ | 400 Sec-WebSocket-Version is repeated
          no key              | GET  | Sec-WebSocket-Version: 13^                                             | 400 Sec-WebSocket-Key is not valid
          empty key           | GET  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key:^                          | 400 Sec-WebSocket-Key is not valid
          key repeated        | GET  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^ | 400 Sec-WebSocket-Key is not valid
          key of 15 bytes     | GET  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA^     | 400 Sec-WebSocket-Key is not valid
          key of 17 bytes     | GET  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAA=^ | 400 Sec-WebSocket-Key is not valid
          key without padding | GET  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA^   | 400 Sec-WebSocket-Key is not valid
          key of other letters | GET | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: AAAAAAAAAAA-AAAAAAAA_A==^ | 400 Sec-WebSocket-Key is not valid
          key with a blank    | GET  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: AAAAAAAAAA AAAAAAAAAAA==^ | 400 Sec-WebSocket-Key is not valid
          key with spare bits | GET  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAB==^ | 400 Sec-WebSocket-Key is not valid
          two keys in one     | GET  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: AAAAAAAAAAA=,AAAAAAAA==^  | 400 Sec-WebSocket-Key is not valid
          """)
  void whatTheStandardAsksForIsThere(String what, String method, String headers, String sentence) {
    UpgradeRequest.Reading reading =
        UpgradeRequest.read(
            head(method, "Upgrade: websocket^Connection: Upgrade^" + headers), null);
    assertThat(
            switch (reading) {
              case UpgradeRequest.Valid valid -> valid.key();
              case UpgradeRequest.Invalid(HttpReply reply) -> say(reply);
            })
        .isEqualTo(sentence);
  }

  @Test
  void aWrongVersionIsToldTheRightOne() {
    var reading = UpgradeRequest.read(head("GET", "Sec-WebSocket-Version: 8^"), null);
    assertThat(((UpgradeRequest.Invalid) reading).reply().headers())
        .containsEntry("sec-websocket-version", "13")
        .containsEntry("upgrade", "websocket");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none             | X: y^                                                               | []
          one              | Sec-WebSocket-Protocol: chat^                                       | [chat]
          in their order   | Sec-WebSocket-Protocol: b , a^Sec-WebSocket-Protocol: c^            | [b, a, c]
          case counts      | Sec-WebSocket-Protocol: a, A^                                        | [a, A]
          twice            | Sec-WebSocket-Protocol: a, b, a^                                    | 400 Sec-WebSocket-Protocol is not valid
          on two lines     | Sec-WebSocket-Protocol: a^Sec-WebSocket-Protocol: a^                | 400 Sec-WebSocket-Protocol is not valid
          empty            | Sec-WebSocket-Protocol:^                                            | 400 Sec-WebSocket-Protocol is not valid
          empty element    | Sec-WebSocket-Protocol: a,,b^                                       | 400 Sec-WebSocket-Protocol is not valid
          comma at the end | Sec-WebSocket-Protocol: a,^                                         | 400 Sec-WebSocket-Protocol is not valid
          no token         | Sec-WebSocket-Protocol: a b^                                        | 400 Sec-WebSocket-Protocol is not valid
          separators       | Sec-WebSocket-Protocol: http://a^                                   | 400 Sec-WebSocket-Protocol is not valid
          not ASCII        | Sec-WebSocket-Protocol: <e9>^                                       | 400 Sec-WebSocket-Protocol is not valid
          """)
  void subprotocolsAreOfferedOnceEach(String what, String headers, String sentence) {
    UpgradeRequest.Reading reading = UpgradeRequest.read(head("GET", GOOD + headers), null);
    assertThat(
            switch (reading) {
              case UpgradeRequest.Valid valid -> valid.subprotocols().toString();
              case UpgradeRequest.Invalid(HttpReply reply) -> say(reply);
            })
        .isEqualTo(sentence);
  }

  @Test
  void compressionIsAgreedOnWhereBothWantIt() {
    String offer = "Sec-WebSocket-Extensions: foo, permessage-deflate^";
    assertThat(compression(offer, null)).isInstanceOf(Negotiation.Declined.class);
    assertThat(compression("", Compression.DEFAULT)).isInstanceOf(Negotiation.Declined.class);
    assertThat(compression(offer, Compression.DEFAULT)).isInstanceOf(Negotiation.Agreed.class);
  }

  @Test
  void extensionsThatCannotBeReadAreRefused() {
    var reading =
        UpgradeRequest.read(
            head("GET", GOOD + "Sec-WebSocket-Extensions: permessage-deflate;;^"),
            Compression.DEFAULT);
    assertThat(say(((UpgradeRequest.Invalid) reading).reply()))
        .isEqualTo("400 Sec-WebSocket-Extensions is not valid");
  }

  private static Negotiation.Answer compression(String headers, @Nullable Compression ours) {
    return ((UpgradeRequest.Valid) UpgradeRequest.read(head("GET", GOOD + headers), ours))
        .compression();
  }

  private static RequestHead head(String method, String headers) {
    String request = method + " / HTTP/1.1^Host: h^" + headers + "^";
    return (RequestHead) new RequestReader().read(ByteBuffer.wrap(Sentences.bytes(request)));
  }

  private static String say(HttpReply reply) {
    return reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8);
  }
}
