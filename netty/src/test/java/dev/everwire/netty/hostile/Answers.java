package dev.everwire.netty.hostile;

import java.util.List;

/**
 * What a server says to the upgrade request of a client that offers {@code chat.v1}, in the
 * notation of {@link Wire}; {@code {good}} stands for a good answer up to its last header, {@code
 * {accept}} for the key. RFC 6455 section 4.1. Where RFC 9112 leaves it to a client how strict it
 * is, both outcomes are right.
 */
final class Answers {
  private Answers() {}

  static List<Case> all() {
    return Case.table(HEADS + HEADERS + SYNTAX);
  }

  private static final String HEADS =
      """
      a good answer                 | {good}^^                                                      | opened
      the subprotocol offered       | {good}^Sec-WebSocket-Protocol: chat.v1^^                      | opened
      names in other letters        | HTTP/1.1 101 x^UPGRADE: WebSocket^CONNECTION: upgrade^SEC-WEBSOCKET-ACCEPT: {accept}^^ | opened
      upgrade among others          | HTTP/1.1 101 x^Upgrade: websocket^Connection: keep-alive, Upgrade^Sec-WebSocket-Accept: {accept}^^ | opened
      no reason phrase              | HTTP/1.1 101 ^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | opened
      one that is to be waited for  | HTTP/1.1 103 Early Hints^Link: x^^{good}^^                    | opened
      200                           | HTTP/1.1 200 OK^Content-Length: 2^^ok                         | failed 200
      200 with a good handshake     | HTTP/1.1 200 OK^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | failed 200
      204                           | HTTP/1.1 204 No Content^^                                     | failed 204
      a redirect                    | HTTP/1.1 302 Found^Location: ws://127.0.0.1:1/^Content-Length: 0^^ | failed 302
      401                           | HTTP/1.1 401 No^Content-Length: 0^^                           | failed 401
      426                           | HTTP/1.1 426 x^Sec-WebSocket-Version: 8^Content-Length: 0^^   | failed 426
      503 with a body to come       | HTTP/1.1 503 x^Retry-After: 5^Content-Length: 1000000^^a      | failed 503
      600                           | HTTP/1.1 600 x^Content-Length: 0^^                            | failed or failed 600
      99                            | HTTP/1.1 99 x^^                                               | failed
      101 that is 0101              | HTTP/1.1 0101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | failed
      a word behind the digits      | HTTP/1.1 101x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | failed
      digits of another script      | HTTP/1.1 {xB9}01 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | failed
      0101 after one to wait for    | HTTP/1.1 103 x^^HTTP/1.1 0101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | failed
      a sign before the status      | HTTP/1.1 +101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | failed
      0200                          | HTTP/1.1 0200 x^Content-Length: 0^^                           | failed
      negative status               | HTTP/1.1 -101 x^^                                             | failed
      status in words               | HTTP/1.1 OK x^^                                               | failed
      HTTP/1.0                      | HTTP/1.0 101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | failed
      HTTP/2                        | HTTP/2 101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | failed
      1 000 that are to be waited for | {1000*HTTP/1.1 100 Continue^^}{good}^^                      | failed
      nothing                       |                                                               | failed
      garbage                       | what do you want?^^                                           | failed
      a TLS alert                   | {x15}{x03}{x01}{x00}{x02}{x02}{x46}                           | failed
      frames at once                | {x81}{x02}hi                                                  | failed
      half a status line            | HTTP/1.1 1                                                    | failed
      half the headers              | {good}^X: y                                                   | failed
      """;

  private static final String HEADERS =
      """
      nothing but 101               | HTTP/1.1 101 x^^                                              | failed
      no Upgrade                    | HTTP/1.1 101 x^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | failed
      another Upgrade               | HTTP/1.1 101 x^Upgrade: h2c^Connection: Upgrade^Sec-WebSocket-Accept: {accept}^^ | failed
      no Connection                 | HTTP/1.1 101 x^Upgrade: websocket^Sec-WebSocket-Accept: {accept}^^ | failed
      another Connection            | HTTP/1.1 101 x^Upgrade: websocket^Connection: close^Sec-WebSocket-Accept: {accept}^^ | failed
      no accept key                 | HTTP/1.1 101 x^Upgrade: websocket^Connection: Upgrade^^       | failed
      empty accept key              | HTTP/1.1 101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept:^^ | failed
      wrong accept key              | HTTP/1.1 101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=^^ | failed
      accept key and more           | HTTP/1.1 101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}x^^ | failed
      the key itself                | HTTP/1.1 101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {key}^^ | failed
      accept key in small letters   | HTTP/1.1 101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {small}^^ | failed
      two accept keys               | {good}^Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=^^    | failed
      the accept key twice          | {good}^Sec-WebSocket-Accept: {accept}^^                       | failed
      a subprotocol not offered     | {good}^Sec-WebSocket-Protocol: chat.v2^^                      | failed
      a subprotocol in big letters  | {good}^Sec-WebSocket-Protocol: CHAT.V1^^                      | failed
      two subprotocols              | {good}^Sec-WebSocket-Protocol: chat.v1, chat.v2^^             | failed
      two subprotocol headers       | {good}^Sec-WebSocket-Protocol: chat.v1^Sec-WebSocket-Protocol: chat.v2^^ | failed
      an extension not offered      | {good}^Sec-WebSocket-Extensions: x-compress^^                 | failed
      deflate not offered           | {good}^Sec-WebSocket-Extensions: permessage-deflate^^         | failed
      broken extensions             | {good}^Sec-WebSocket-Extensions: ;;=,"^^                      | failed
      """;

  private static final String SYNTAX =
      """
      space before the colon        | {good}^X : y^^                                                | opened or failed
      no colon                      | {good}^nonsense^^                                             | failed
      NUL in a value                | {good}^X: a{NUL}b^^                                           | failed
      bare CR in a value            | {good}^X: a{CR}b^^                                            | failed
      folded value                  | {good}^X: a^ b^^                                              | opened or failed
      name above ASCII              | {good}^X{xFF}: a^^                                            | failed
      a value of 9 000 bytes        | {good}^X: {9000*a}^^                                          | failed
      a reason of 9 000 bytes       | HTTP/1.1 101 {9000*a}^^                                       | failed
      headers without end           | {good}^{20000*X: y^}                                          | failed
      101 headers                   | {good}^{98*X: y^}^                                            | opened or failed
      a status line without end     | {60000*H}                                                     | failed
      """;
}
