package dev.everwire.netty.hostile;

import java.util.List;

/** Requests that a server gets, in the notation of {@link Wire}, and what it makes of them. */
final class Handshakes {
  private Handshakes() {}

  static List<Case> all() {
    return Case.table(LINES + HEADERS + UPGRADES + BODIES);
  }

  /** RFC 9112 section 3. */
  private static final String LINES =
      """
      garbage                         | hello^^                                                    | 400
      bytes of no meaning             | {x80}{xFF}{NUL}{x01}{xC0}{xAF}^^                           | 400
      a TLS hello                     | {x16}{x03}{x01}{x00}{xF4}{x01}{x00}{x00}{xF0}{x03}{x03}{x5A}{x0A}{x13}{x01}{200*z} | 400
      the preface of HTTP/2           | PRI * HTTP/2.0^^SM^^                                       | 400 or 505
      HTTP/1.0                        | GET / HTTP/1.0^Host: h^{upgrade}^^                         | 400 or 426 or 505
      HTTP/0.9                        | GET /^^                                                    | 400 or 505
      HTTP/2.0 upgrade                | GET / HTTP/2.0^Host: h^{upgrade}^^                         | 400 or 505
      HTTP/1.2                        | GET / HTTP/1.2^Host: h^{upgrade}^^                         | 101 or 400 or 505
      HTTP/1.x                        | GET / HTTP/1.x^Host: h^{upgrade}^^                         | 400
      HTTP/11                         | GET / HTTP/11^Host: h^{upgrade}^^                          | 400
      http in small letters           | GET / http/1.1^Host: h^{upgrade}^^                         | 400 or 505
      no version                      | GET / ^Host: h^{upgrade}^^                                 | 400
      no target                       | GET HTTP/1.1^Host: h^{upgrade}^^                           | 400
      no method                       | / HTTP/1.1^Host: h^{upgrade}^^                             | 400
      method with a colon             | G:T / HTTP/1.1^Host: h^{upgrade}^^                         | 400
      method in small letters         | get / HTTP/1.1^Host: h^{upgrade}^^                         | 400 or 405 or 501
      two spaces in the request line  | GET  / HTTP/1.1^Host: h^{upgrade}^^                        | 400
      space before the method         | {TAB}GET / HTTP/1.1^Host: h^{upgrade}^^                    | 400
      a fourth word                   | GET / / HTTP/1.1^Host: h^{upgrade}^^                       | 400
      tab between the words           | GET{TAB}/{TAB}HTTP/1.1^Host: h^{upgrade}^^                 | 400
      NUL in the request line         | GET /{NUL} HTTP/1.1^Host: h^{upgrade}^^                    | 400
      bare CR in the request line     | GET /{CR}x HTTP/1.1^Host: h^{upgrade}^^                    | 400
      POST                            | POST / HTTP/1.1^Host: h^{upgrade}^^                        | 400 or 405
      HEAD                            | HEAD / HTTP/1.1^Host: h^{upgrade}^^                        | 400 or 405
      CONNECT                         | CONNECT h:80 HTTP/1.1^Host: h:80^{upgrade}^^               | 400 or 405 or 501
      OPTIONS of everything           | OPTIONS * HTTP/1.1^Host: h^{upgrade}^^                     | 400 or 405
      absolute target                 | GET http://localhost/ HTTP/1.1^Host: localhost^{upgrade}^^ | 101
      authority as a target           | GET localhost:80 HTTP/1.1^Host: localhost:80^{upgrade}^^   | 400
      asterisk as a target            | GET * HTTP/1.1^Host: h^{upgrade}^^                         | 400
      relative target                 | GET chat HTTP/1.1^Host: h^{upgrade}^^                      | 400
      fragment in the target          | GET /#a HTTP/1.1^Host: h^{upgrade}^^                       | 400
      target of 9 000 bytes           | GET /{9000*a} HTTP/1.1^Host: h^{upgrade}^^                 | 414
      query of 9 000 bytes            | GET /?{9000*a} HTTP/1.1^Host: h^{upgrade}^^                | 414
      escape that is no number        | GET /%zz HTTP/1.1^Host: h^{upgrade}^^                      | 400
      escape cut off                  | GET /% HTTP/1.1^Host: h^{upgrade}^^                        | 400
      half an escape                  | GET /%4 HTTP/1.1^Host: h^{upgrade}^^                       | 400
      escape in the query             | GET /?a=%zz HTTP/1.1^Host: h^{upgrade}^^                   | 400
      escaped NUL                     | GET /%00 HTTP/1.1^Host: h^{upgrade}^^                      | 400 or 404
      escaped CR and LF               | GET /%0D%0AX:%20y HTTP/1.1^Host: h^{upgrade}^^             | 400 or 404
      overlong UTF-8 in the path      | GET /%C0%AF HTTP/1.1^Host: h^{upgrade}^^                   | 400
      overlong dots                   | GET /%C0%AE%C0%AE/ HTTP/1.1^Host: h^{upgrade}^^            | 400
      half a character in the path    | GET /%E2%82 HTTP/1.1^Host: h^{upgrade}^^                   | 400
      surrogate in the path           | GET /%ED%A0%80 HTTP/1.1^Host: h^{upgrade}^^                | 400
      bytes above ASCII in the path   | GET /{xFF} HTTP/1.1^Host: h^{upgrade}^^                    | 400
      DEL in the path                 | GET /{x7F} HTTP/1.1^Host: h^{upgrade}^^                    | 400
      path traversal                  | GET /../../etc/passwd HTTP/1.1^Host: h^{upgrade}^^         | 400 or 404
      escaped path traversal          | GET /%2e%2e%2f%2e%2e%2fetc HTTP/1.1^Host: h^{upgrade}^^    | 400 or 404
      unknown path                    | GET /nowhere HTTP/1.1^Host: h^{upgrade}^^                  | 404
      full                            | GET /full HTTP/1.1^Host: h^{upgrade}^^                     | 503
      unauthenticated                 | GET /private HTTP/1.1^Host: h^{upgrade}^^                  | 401
      forbidden                       | GET /forbidden HTTP/1.1^Host: h^{upgrade}^^                | 403
      """;

  /** RFC 9112 sections 2.2, 3.2 and 5. */
  private static final String HEADERS =
      """
      no Host                         | GET / HTTP/1.1^{upgrade}^^                                 | 400
      no Host, ordinary               | GET / HTTP/1.1^^                                           | 400
      two Hosts                       | GET / HTTP/1.1^Host: a^Host: b^{upgrade}^^                 | 400
      the same Host twice             | GET / HTTP/1.1^Host: a^Host: a^{upgrade}^^                 | 400
      Host with a space               | GET / HTTP/1.1^Host: a b^{upgrade}^^                       | 400
      Host with a path                | GET / HTTP/1.1^Host: a/b^{upgrade}^^                       | 400
      Host with a user                | GET / HTTP/1.1^Host: me@a^{upgrade}^^                      | 400
      Host with a bad port            | GET / HTTP/1.1^Host: a:port^{upgrade}^^                    | 400
      two tokens                      | GET / HTTP/1.1^Host: h^Authorization: Bearer a^Authorization: Bearer b^{upgrade}^^ | 400
      two tokens, ordinary            | GET / HTTP/1.1^Host: h^Authorization: Bearer a^Authorization: Bearer b^^ | 400
      the same token twice            | GET / HTTP/1.1^Host: h^Authorization: Bearer a^{upgrade}^authorization: Bearer a^^ | 400
      two Origins                     | GET / HTTP/1.1^Host: h^Origin: https://h^Origin: https://evil^{upgrade}^^ | 400
      two Origins, ordinary           | GET / HTTP/1.1^Host: h^Origin: https://h^Origin: https://evil^^ | 400
      two Origins in one              | GET / HTTP/1.1^Host: h^Origin: https://h, https://evil^{upgrade}^^ | 400
      two Origins and a blank         | GET / HTTP/1.1^Host: h^Origin: https://h https://evil^{upgrade}^^ | 400
      two Hosts in one                | GET / HTTP/1.1^Host: a, b^{upgrade}^^                      | 400
      space before the colon          | GET / HTTP/1.1^Host : h^{upgrade}^^                        | 400
      space before a later colon      | GET / HTTP/1.1^Host: h^X : y^{upgrade}^^                   | 400
      tab before the colon            | GET / HTTP/1.1^Host: h^X{TAB}: y^{upgrade}^^               | 400
      no colon                        | GET / HTTP/1.1^Host: h^nonsense^{upgrade}^^                | 400
      no name                         | GET / HTTP/1.1^Host: h^: y^{upgrade}^^                     | 400
      name with a space               | GET / HTTP/1.1^Host: h^X Y: z^{upgrade}^^                  | 400
      name with bytes above ASCII     | GET / HTTP/1.1^Host: h^X{xFF}: z^{upgrade}^^               | 400
      name with NUL                   | GET / HTTP/1.1^Host: h^X{NUL}Y: z^{upgrade}^^              | 400
      name with a separator           | GET / HTTP/1.1^Host: h^X(Y): z^{upgrade}^^                 | 400
      folded value                    | GET / HTTP/1.1^Host: h^X: y^ z^{upgrade}^^                 | 400
      folded by a tab                 | GET / HTTP/1.1^Host: h^X: y^{TAB}z^{upgrade}^^             | 400
      space before the first header   | GET / HTTP/1.1^ Host: h^{upgrade}^^                        | 400
      NUL in a value                  | GET / HTTP/1.1^Host: h^X: a{NUL}b^{upgrade}^^              | 400
      control character in a value    | GET / HTTP/1.1^Host: h^X: a{x01}b^{upgrade}^^              | 400
      DEL in a value                  | GET / HTTP/1.1^Host: h^X: a{x7F}b^{upgrade}^^              | 400
      bare CR in a value              | GET / HTTP/1.1^Host: h^X: a{CR}b^{upgrade}^^               | 400
      CR CR LF                        | GET / HTTP/1.1^Host: h^X: a{CR}^{upgrade}^^                | 400
      bare LF after a header          | GET / HTTP/1.1^Host: h{LF}{upgrade}^^                      | 101 or 400
      bare LF after the request line  | GET / HTTP/1.1{LF}Host: h^{upgrade}^^                      | 101 or 400
      bare LF at the end              | GET / HTTP/1.1^Host: h^{upgrade}^{LF}                      | 101 or 400
      a value of 9 000 bytes          | GET / HTTP/1.1^Host: h^X: {9000*a}^{upgrade}^^             | 431
      a name of 9 000 bytes           | GET / HTTP/1.1^Host: h^{9000*a}: b^{upgrade}^^             | 431
      a header that never ends        | GET / HTTP/1.1^Host: h^X: {30000*a}                        | 431
      100 headers                     | GET / HTTP/1.1^Host: h^{upgrade}^{95*X: y^}^               | 101
      101 headers                     | GET / HTTP/1.1^Host: h^{upgrade}^{96*X: y^}^               | 431
      100 000 headers                 | GET / HTTP/1.1^Host: h^{upgrade}^{100000*X: y^}^           | 431
      many that are small             | GET / HTTP/1.1^Host: h^{upgrade}^{90*X-Header: 01234567890123456789012345678901234567890123456789012345678901234567890123456789^}^ | 431
      headers of nothing but names    | GET / HTTP/1.1^Host: h^{upgrade}^{3000*X:^}^               | 431
      empty lines before the request  | {20000*^}GET / HTTP/1.1^Host: h^{upgrade}^^                | 400 or 431 or 414
      """;

  /** RFC 6455 section 4.2.1. */
  private static final String UPGRADES =
      """
      no key                          | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^^ | 400
      empty key                       | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^Sec-WebSocket-Key:^^ | 400
      short key                       | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhl^^ | 400
      key of 15 bytes                 | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j^^ | 400
      key of 17 bytes                 | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZWE=^^ | 400
      long key                        | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: {4000*A}^^ | 400
      key that is not base64          | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: ????????????????????????^^ | 400
      key in the URL's alphabet       | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: -_hlIHNhbXBsZSBub25jZQ==^^ | 400
      key without padding             | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ^^ | 400
      space in the key                | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBs ZSBub25jZQ==^^ | 400
      two keys                        | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==^^ | 400
      the same key twice              | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^^ | 400
      no WebSocket version            | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^^ | 426 or 400
      WebSocket version 8             | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 8^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^^ | 426
      WebSocket version 14            | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 14^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^^ | 426
      WebSocket version 013           | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 013^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^^ | 426 or 400
      WebSocket version in words      | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: new^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^^ | 426 or 400
      two versions                    | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Version: 8^^  | 400 or 426
      two versions in one             | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13, 8^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^^ | 400 or 426
      the same version twice          | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Version: 13^^ | 400 or 426
      subprotocols, one of them ours  | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Protocol: other, chat.v1^^ | 101 with chat.v1
      a subprotocol nobody speaks     | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Protocol: other^^ | 101
      a subprotocol that is no token  | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Protocol: a b^^ | 101 or 400
      nothing but commas              | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Protocol: ,,,^^ | 101 or 400
      a thousand subprotocols         | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Protocol: {1000*a,}b^^ | 101 or 400
      extensions that are none        | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Extensions: ;;=,"^^ | 101 or 400
      an unknown extension            | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Extensions: x-webkit-deflate-frame^^ | 101
      deflate with a bad window       | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99^^ | 101 or 400
      deflate with a parameter twice  | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; server_no_context_takeover^^ | 101 or 400
      a thousand offers               | GET / HTTP/1.1^Host: h^{upgrade}^Sec-WebSocket-Extensions: {300*permessage-deflate,}x^^ | 101 or 400
      """;

  /** RFC 9112 section 6: where one request ends and another begins is never in doubt. */
  private static final String BODIES =
      """
      length and chunks               | GET / HTTP/1.1^Host: h^{upgrade}^Content-Length: 3^Transfer-Encoding: chunked^^0^^ | 400
      a body                          | GET / HTTP/1.1^Host: h^{upgrade}^Content-Length: 3^^abc   | 400
      a body to come                  | GET / HTTP/1.1^Host: h^{upgrade}^Content-Length: 300^^abc | 400
      a chunked body                  | GET / HTTP/1.1^Host: h^{upgrade}^Transfer-Encoding: chunked^^3^abc^0^^ | 400
      a chunked body of nothing       | GET / HTTP/1.1^Host: h^{upgrade}^Transfer-Encoding: chunked^^0^^ | 400
      two lengths                     | POST / HTTP/1.1^Host: h^Content-Length: 3^Content-Length: 4^^abcd | 400
      two lengths in one              | POST / HTTP/1.1^Host: h^Content-Length: 3, 4^^abcd        | 400
      negative length                 | POST / HTTP/1.1^Host: h^Content-Length: -1^^              | 400
      length with a sign              | POST / HTTP/1.1^Host: h^Content-Length: +3^^abc           | 400
      length in hex                   | POST / HTTP/1.1^Host: h^Content-Length: 0x3^^abc          | 400
      empty length                    | POST / HTTP/1.1^Host: h^Content-Length:^^                 | 400
      length beyond numbers           | POST / HTTP/1.1^Host: h^Content-Length: 99999999999999999999^^ | 400 or 413
      length of a gigabyte            | POST / HTTP/1.1^Host: h^Content-Length: 1073741824^^abc   | 413
      length and chunks, ordinary     | POST / HTTP/1.1^Host: h^Content-Length: 3^Transfer-Encoding: chunked^^0^^ | 400
      an unknown coding               | POST / HTTP/1.1^Host: h^Transfer-Encoding: squeezed^^abc  | 400 or 501
      chunked not last                | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked, gzip^^abc | 400 or 501
      chunked twice                   | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked, chunked^^0^^ | 400 or 501
      coding with a tab before        | POST / HTTP/1.1^Host: h^Transfer-Encoding:{TAB}xchunked^^0^^ | 400 or 501
      a chunk of no size              | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^^abc^0^^ | 400
      a chunk size with a sign        | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^-3^abc^0^^ | 400
      a chunk size in words           | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^three^abc^0^^ | 400
      a chunk size beyond numbers     | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^FFFFFFFFFFFFFFFFF^abc^0^^ | 400 or 413
      a chunk longer than it says     | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^3^abcdef^0^^ | 400
      a chunk extension without end   | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^3;{20000*a}^abc^0^^ | 400 or 431
      chunks of a gigabyte            | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^40000000^{80000*a} | 413
      trailers without end            | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^0^{20000*X: y^} | 400 or 431
      """;
}
