package dev.everwire.netty.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each row whole, one byte at a time, and cut in two at every place. */
class RequestReaderTest {
  private static final String HOST = "Host: h\r\n";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shortest               | GET / HTTP/1.1^Host: h^^                                  | GET / host=h
          not whole              | GET / HTTP/1.1^Host: h^                                   |
          after an empty line    | ^GET / HTTP/1.1^Host: h^^                                 | GET / host=h
          two in a row           | GET /a HTTP/1.1^Host: h^^GET /b HTTP/1.1^Host: i^^        | GET /a host=h; GET /b host=i
          method of its own      | M-SEARCH / HTTP/1.1^Host: h^^                             | M-SEARCH / host=h
          method in lower case   | get / HTTP/1.1^Host: h^^                                  | get / host=h
          names in any case      | GET / HTTP/1.1^hOST: h^X-ONE: A^^                         | GET / host=h x-one=A
          first value of two     | GET / HTTP/1.1^Host: h^x: 1^X: 2^^                        | GET / host=h x=1
          no blank after colon   | GET / HTTP/1.1^Host:h^^                                   | GET / host=h
          blanks around a value  | GET / HTTP/1.1^Host: <09> h<20><09>^^                     | GET / host=h
          blanks inside a value  | GET / HTTP/1.1^Host: h^x: a <09> b^^                      | GET / host=h x=a <09> b
          empty value            | GET / HTTP/1.1^Host: h^x:^^                               | GET / host=h x=
          only blanks            | GET / HTTP/1.1^Host: h^x: <20><20>^^                      | GET / host=h x=
          Latin 1 in a value     | GET / HTTP/1.1^Host: h^x: <e9>^^                          | GET / host=h x=é
          odd name               | GET / HTTP/1.1^Host: h^a!#$%&*+-._`~9: b^^                | GET / a!#$%&*+-._`~9=b host=h
          """)
  void aGoodRequestIsRead(String what, String request, String sentence) {
    check(request, sentence);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          query                  | GET /p?a=1&b=2 HTTP/1.1^Host: h^^                         | GET /p {a=1, b=2} host=h
          first of two           | GET /p?a=1&a=2 HTTP/1.1^Host: h^^                         | GET /p {a=1} host=h
          escapes                | GET /%e2%82%ac+%41?a%3D=%26+x HTTP/1.1^Host: h^^          | GET /€+A {a==& x} host=h
          no value, no name      | GET /p?a&=b&&c=?/ HTTP/1.1^Host: h^^                      | GET /p {=b, a=, c=?/} host=h
          empty query            | GET /p? HTTP/1.1^Host: h^^                                | GET /p host=h
          what browsers leave    | GET /[]{}?`{} HTTP/1.1^Host: h^^                          | GET /[]{} {`{}=} host=h
          absolute               | GET http://a:1/p?q=1 HTTP/1.1^Host: b^^                   | GET /p {q=1} host=a:1
          absolute, no path      | GET HTTPS://a?q=1 HTTP/1.1^Host: b^^                      | GET / {q=1} host=a
          absolute, needs Host   | GET http://a/ HTTP/1.1^^                                  | 400 one valid Host is needed
          absolute, other scheme | GET ftp://a/ HTTP/1.1^Host: a^^                           | 400 request target is not valid
          absolute, with a user  | GET http://u@a/ HTTP/1.1^Host: a^^                        | 400 request target is not valid
          absolute, no host      | GET http:/// HTTP/1.1^Host: a^^                           | 400 request target is not valid
          authority              | GET a:80 HTTP/1.1^Host: a^^                               | 400 request target is not valid
          asterisk of OPTIONS    | OPTIONS * HTTP/1.1^Host: h^^                              | OPTIONS * host=h
          asterisk of GET        | GET * HTTP/1.1^Host: h^^                                  | 400 request target is not valid
          no slash               | GET p HTTP/1.1^Host: h^^                                  | 400 request target is not valid
          empty                  | GET  HTTP/1.1^Host: h^^                                   | 400 request target is not valid
          fragment               | GET /#a HTTP/1.1^Host: h^^                                | 400 request line is not valid
          quote                  | GET /" HTTP/1.1^Host: h^^                                 | 400 request line is not valid
          not ASCII              | GET /<e9> HTTP/1.1^Host: h^^                              | 400 request line is not valid
          half an escape         | GET /%4 HTTP/1.1^Host: h^^                                | 400 request target is not valid
          no escape              | GET /%zz HTTP/1.1^Host: h^^                               | 400 request target is not valid
          escape in a query      | GET /?a=% HTTP/1.1^Host: h^^                              | 400 request target is not valid
          escapes not UTF-8      | GET /%ff HTTP/1.1^Host: h^^                               | 400 request target is not valid
          surrogate              | GET /%ed%a0%80 HTTP/1.1^Host: h^^                         | 400 request target is not valid
          NUL in a path          | GET /%00 HTTP/1.1^Host: h^^                               | 400 request target is not valid
          line end in a path     | GET /a%0d%0ab HTTP/1.1^Host: h^^                          | 400 request target is not valid
          line end in a query    | GET /?a=%0a HTTP/1.1^Host: h^^                            | GET / {a=<0a>} host=h
          """)
  void aTargetIsReadAsItsFormSays(String what, String request, String sentence) {
    check(request, sentence);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          two empty lines        | ^^                                                        | 400 request line is not valid
          blank first            | <20>GET / HTTP/1.1^Host: h^^                              | 400 request line is not valid
          two blanks             | GET  / HTTP/1.1^Host: h^^                                 | 400 request line is not valid
          two blanks later       | GET /  HTTP/1.1^Host: h^^                                 | 400 request line is not valid
          tab                    | GET<09>/ HTTP/1.1^Host: h^^                               | 400 request line is not valid
          blank last             | GET / HTTP/1.1<20>^Host: h^^                              | 400 request line is not valid
          method is no token     | G@T / HTTP/1.1^Host: h^^                                  | 400 request line is not valid
          no version             | GET /^                                                    | 400 request line is not valid
          no target              | GET HTTP/1.1^                                             | 400 request line is not valid
          words                  | hello^                                                    | 400 request line is not valid
          version in lower case  | GET / http/1.1^Host: h^^                                  | 400 request line is not valid
          version with more      | GET / HTTP/1.10^Host: h^^                                 | 400 request line is not valid
          version of letters     | GET / HTTP/x.y^Host: h^^                                  | 400 request line is not valid
          other protocol         | GET / ICAP/1.0^Host: h^^                                  | 400 request line is not valid
          HTTP/1.0               | GET / HTTP/1.0^^                                          | 505 HTTP/1.1 is spoken here
          HTTP/1.2               | GET / HTTP/1.2^^                                          | 505 HTTP/1.1 is spoken here
          HTTP/2                 | PRI * HTTP/2.0^^SM^^                                      | 505 HTTP/1.1 is spoken here
          CONNECT                | CONNECT a:80 HTTP/1.1^Host: a^^                           | 501 method not implemented
          method of 32           | AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1^Host: h^^     | AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / host=h
          method of 33           | AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1^Host: h^^    | 501 method not implemented
          TLS                    | <16><03><01><02><00><01>                                  | 400 request line is not valid
          bare LF                | GET / HTTP/1.1<0a>Host: h<0a><0a>                         | 400 request line is not valid
          bare CR                | GET / HTTP/1.1<0d>Host: h^^                               | 400 request line is not valid
          NUL                    | GET /<00> HTTP/1.1^Host: h^^                              | 400 request line is not valid
          LF first               | <0a>GET / HTTP/1.1^Host: h^^                              | 400 request line is not valid
          bare CR in a header    | GET / HTTP/1.1^Host: h^x: a<0d>b^^                        | 400 header is not valid
          bare LF in a header    | GET / HTTP/1.1^Host: h<0a>x: a^^                          | 400 header is not valid
          LF ends the head       | GET / HTTP/1.1^Host: h^<0a>                               | 400 header is not valid
          CR CR LF               | GET / HTTP/1.1^Host: h<0d>^^                              | 400 header is not valid
          NUL in a value         | GET / HTTP/1.1^Host: h^x: a<00>b^^                        | 400 header is not valid
          NUL in a name          | GET / HTTP/1.1^Host: h^x<00>: a^^                         | 400 header is not valid
          DEL in a value         | GET / HTTP/1.1^Host: h^x: <7f>^^                          | 400 header is not valid
          other control          | GET / HTTP/1.1^Host: h^x: <0b>^^                          | 400 header is not valid
          space before colon     | GET / HTTP/1.1^Host : h^^                                 | 400 header is not valid
          tab before colon       | GET / HTTP/1.1^Host<09>: h^^                              | 400 header is not valid
          continued line         | GET / HTTP/1.1^Host: h^x: a^ b^^                          | 400 header is not valid
          continued by a tab     | GET / HTTP/1.1^Host: h^x: a^<09>b^^                       | 400 header is not valid
          blank before headers   | GET / HTTP/1.1^ Host: h^^                                 | 400 header is not valid
          no name                | GET / HTTP/1.1^Host: h^: a^^                              | 400 header is not valid
          no colon               | GET / HTTP/1.1^Host: h^abc^^                              | 400 header is not valid
          name is no token       | GET / HTTP/1.1^Host: h^a(b): c^^                          | 400 header is not valid
          name is not ASCII      | GET / HTTP/1.1^Host: h^<e9>: c^^                          | 400 header is not valid
          """)
  void aLineThatIsNotValidIsRefused(String what, String request, String sentence) {
    check(request, sentence);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name and port          | h.example:80                                              | GET / host=h.example:80
          underscore             | a_b                                                       | GET / host=a_b
          IPv4                   | 192.0.2.1                                                 | GET / host=192.0.2.1
          IPv6                   | [2001:db8::1]:443                                         | GET / host=[2001:db8::1]:443
          no digits of a port    | h:                                                        | GET / host=h:
          empty                  | <20>                                                      | 400 one valid Host is needed
          only a port            | :80                                                       | 400 one valid Host is needed
          port is no number      | h:x                                                       | 400 one valid Host is needed
          port too large         | h:65536                                                   | 400 one valid Host is needed
          user                   | u@h                                                       | 400 one valid Host is needed
          path                   | h/p                                                       | 400 one valid Host is needed
          two in one             | a, b                                                      | 400 one valid Host is needed
          blank                  | a b                                                       | 400 one valid Host is needed
          not ASCII              | <e9>                                                      | 400 one valid Host is needed
          not IPv6               | [12]                                                      | 400 one valid Host is needed
          bracket is not closed  | [::1                                                      | 400 one valid Host is needed
          zone                   | [fe80::1%25eth0]                                          | 400 one valid Host is needed
          text behind a bracket  | [::1]x                                                    | 400 one valid Host is needed
          repeated               | h^Host: h                                                 | 400 one valid Host is needed
          """)
  void thereIsOneValidHost(String what, String host, String sentence) {
    check("GET / HTTP/1.1^Host: " + host + "^^", sentence);
    check("GET / HTTP/1.1^X: y^^", "400 one valid Host is needed");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          one of each            | Authorization: Bearer a^Origin: https://a                 | authorization=Bearer a host=h origin=https://a
          authorization twice    | Authorization: Bearer a^authorization: Bearer b           | 400 Authorization or Origin is repeated
          the same twice         | Authorization: Bearer a^Authorization: Bearer a           | 400 Authorization or Origin is repeated
          the second empty       | Authorization: Bearer a^Authorization:                    | 400 Authorization or Origin is repeated
          others between         | Authorization: a^X: y^Z: z^AUTHORIZATION: b               | 400 Authorization or Origin is repeated
          a list is its own      | Authorization: Digest a="1", b="2"                        | authorization=Digest a="1", b="2" host=h
          origin twice           | Origin: https://a^ORIGIN: https://b                       | 400 Authorization or Origin is repeated
          the same origin twice  | Origin: https://a^Origin: https://a                       | 400 Authorization or Origin is repeated
          null and an origin     | Origin: null^Origin: https://a                            | 400 Authorization or Origin is repeated
          origins in a list      | Origin: https://a, https://b                              | 400 Origin is not one origin
          origins, no blank      | Origin: https://a,https://b                               | 400 Origin is not one origin
          origins and a blank    | Origin: https://a https://b                               | 400 Origin is not one origin
          origins and a tab      | Origin: https://a<09>https://b                            | 400 Origin is not one origin
          no origin in particular| Origin: null                                              | host=h origin=null
          """)
  void whoAsksIsSaidOnce(String what, String headers, String sentence) {
    boolean good = !sentence.startsWith("400");
    check("GET /ws HTTP/1.1^Host: h^" + headers + "^^", (good ? "GET /ws " : "") + sentence);
    check("PUT /page HTTP/1.1^" + headers + "^Host: h^^", (good ? "PUT /page " : "") + sentence);
    if (!good) {
      check("GET / HTTP/1.1^Host: h^Upgrade: websocket^" + headers + "^^", sentence);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          length                 | Content-Length: 3^^abcGET                                 | POST / content-length=3 host=h; body abc
          zero                   | Content-Length: 0^^                                       | POST / content-length=0 host=h
          leading zeros          | Content-Length: 003^^abc                                  | POST / content-length=003 host=h; body abc
          not all of it          | Content-Length: 3^^ab                                     | POST / content-length=3 host=h
          the largest            | Content-Length: 65536^^                                   | POST / content-length=65536 host=h
          larger                 | Content-Length: 65537^^                                   | 413 body too large
          far larger             | Content-Length: 999999999999999999^^                      | 413 body too large
          overflowing            | Content-Length: 18446744073709551619^^                    | 400 Content-Length is not valid
          empty                  | Content-Length:^^                                         | 400 Content-Length is not valid
          negative               | Content-Length: -1^^                                      | 400 Content-Length is not valid
          plus                   | Content-Length: +3^^abc                                   | 400 Content-Length is not valid
          hexadecimal            | Content-Length: 0x3^^abc                                  | 400 Content-Length is not valid
          a list                 | Content-Length: 3, 3^^abc                                 | 400 Content-Length is not valid
          blank inside           | Content-Length: 3 3^^abc                                  | 400 Content-Length is not valid
          repeated               | Content-Length: 3^Content-Length: 3^^abc                  | 400 Content-Length is not valid
          different              | Content-Length: 3^Content-Length: 4^^abc                  | 400 Content-Length is not valid
          beside chunks          | Content-Length: 3^Transfer-Encoding: chunked^^            | 400 Content-Length beside Transfer-Encoding
          after chunks           | Transfer-Encoding: chunked^Content-Length: 3^^            | 400 Content-Length beside Transfer-Encoding
          coding unknown         | Transfer-Encoding: gzip, chunked^^                        | 501 transfer coding not implemented
          coding unknown, last   | Transfer-Encoding: chunked, gzip^^                        | 400 Transfer-Encoding is not valid
          coding unknown, alone  | Transfer-Encoding: gzip^^                                 | 400 Transfer-Encoding is not valid
          identity               | Transfer-Encoding: identity^^                             | 400 Transfer-Encoding is not valid
          chunked twice          | Transfer-Encoding: chunked, chunked^^                     | 400 Transfer-Encoding is not valid
          chunked repeated       | Transfer-Encoding: chunked^Transfer-Encoding: chunked^^   | 400 Transfer-Encoding is not valid
          chunked, quoted        | Transfer-Encoding: "chunked"^^                            | 400 Transfer-Encoding is not valid
          chunked, almost        | Transfer-Encoding: xchunked^^                             | 400 Transfer-Encoding is not valid
          chunked with more      | Transfer-Encoding: chunked;a=b^^                          | 400 Transfer-Encoding is not valid
          empty coding           | Transfer-Encoding:^^                                      | 400 Transfer-Encoding is not valid
          100-continue           | Expect: 100-Continue^^                                    | POST / expect=100-Continue host=h
          other expectation      | Expect: the-worst^^                                       | 417 unknown expectation
          """)
  void theHeadSaysHowLongTheBodyIs(String what, String rest, String sentence) {
    String read = Sentences.whole(Sentences.bytes("POST / HTTP/1.1^Host: h^" + rest));
    assertThat(read).isEqualTo(sentence);
    if (!rest.endsWith("GET")) {
      check("POST / HTTP/1.1^Host: h^" + rest, sentence);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          two chunks             | 3^abc^2^de^0^^                                            | body abcde
          none                   | 0^^                                                       | body
          size in any case       | a^0123456789^A^0123456789^000^^                           | body 01234567890123456789
          line ends inside       | 4^a^b^0^^                                                 | body a<0d><0a>b
          extension              | 3;a=b;c^abc^0;d="e;f"^^                                   | body abc
          quoted quote           | 1;a="\\"^";b^a^0^^                                          | 400 chunk is not valid
          quotes escaped         | 1;a="\\";\\\\";b^a^0^^                                        | body a
          extension, no name     | 1;^a^0^^                                                  | 400 chunk is not valid
          extension, no value    | 1;a=^a^0^^                                                | 400 chunk is not valid
          extension, open quote  | 1;a="b^a^0^^                                              | 400 chunk is not valid
          extension, blank       | 1; a^a^0^^                                                | 400 chunk is not valid
          extension, not ASCII   | 1;<ff>^a^0^^                                              | 400 chunk is not valid
          trailers               | 3^abc^0^x: y^z: ^^                                        | body abc
          more behind            | 1^a^0^^GET / HTTP/1.1^Host: h^^                           | body a; GET / host=h
          no size                | ^abc^0^^                                                  | 400 chunk is not valid
          size is no number      | x^abc^0^^                                                 | 400 chunk is not valid
          negative               | -1^abc^0^^                                                | 400 chunk is not valid
          0x                     | 0x3^abc^0^^                                               | 400 chunk is not valid
          blank before           | <20>3^abc^0^^                                             | 400 chunk is not valid
          blank behind           | 3<20>^abc^0^^                                             | 400 chunk is not valid
          nine digits            | 000000003^abc^0^^                                         | 400 chunk is not valid
          too large              | 10001^                                                    | 413 body too large
          overflowing            | ffffffff^                                                 | 413 body too large
          together too large     | 1^a^10000^                                                | 413 body too large
          no end                 | 3^abcd^0^^                                                | 400 chunk is not valid
          end is LF              | 3^abc<0a>0^^                                              | 400 chunk is not valid
          end is CR              | 3^abc<0d>0^^                                              | 400 chunk is not valid
          size ends with LF      | 3<0a>abc^0^^                                              | 400 chunk is not valid
          LF in an extension     | 3;a<0a>abc^0^^                                            | 400 chunk is not valid
          CR in an extension     | 3;a<0d>b^abc^0^^                                          | 400 chunk is not valid
          NUL in an extension    | 3;<00>^abc^0^^                                            | 400 chunk is not valid
          trailer without name   | 0^: a^^                                                   | 400 header is not valid
          trailer continued      | 0^x: a^ b^^                                               | 400 header is not valid
          trailer ends with LF   | 0^x: a<0a>^                                               | 400 header is not valid
          last line is LF        | 0^<0a>                                                    | 400 header is not valid
          """)
  void chunksAreJoined(String what, String chunks, String sentence) {
    check(
        "POST / HTTP/1.1^Host: h^Transfer-Encoding: Chunked^^" + chunks,
        "POST / host=h transfer-encoding=Chunked; "
            + (sentence.equals("body") ? "body " : sentence));
  }

  @Test
  void aHeadMayBeAsLongAsTheLimit() {
    String frame = "GET / HTTP/1.1\r\n" + HOST + "x: \r\n\r\n";
    String fits = "y".repeat(RequestReader.MAX_HEAD_BYTES - frame.length());
    check("GET / HTTP/1.1^Host: h^x: " + fits + "^^", "GET / host=h x=" + fits);
    check("GET / HTTP/1.1^Host: h^x: y" + fits + "^^", "431 headers too large");
    check("GET / HTTP/1.1^Host: h^x: y" + fits + "zzzz", "431 headers too large");
  }

  @Test
  void aTargetMayBeAsLongAsTheHead() {
    int room = RequestReader.MAX_HEAD_BYTES - "GET  HTTP/1.1\r\n".length();
    String path = "/" + "y".repeat(room - 2);
    check("GET " + path + " HTTP/1.1^Host: h^^", "431 headers too large");
    check("GET " + path + "yy HTTP/1.1^Host: h^^", "414 request target too long");
    check("G".repeat(9000), "414 request target too long");
  }

  @Test
  void aHundredHeadersAreEnough() {
    String hundred = "x: y^".repeat(RequestReader.MAX_HEADERS - 1);
    check("GET / HTTP/1.1^Host: h^" + hundred + "^", "GET / host=h x=y");
    check("GET / HTTP/1.1^Host: h^" + hundred + "x: y^", "431 headers too large");
  }

  @Test
  void aHundredParametersAreEnough() {
    String hundred = "a&".repeat(100);
    check("GET /?" + hundred + " HTTP/1.1^Host: h^^", "GET / {a=} host=h");
    check("GET /?" + hundred + "a HTTP/1.1^", "400 request target is not valid");
  }

  @Test
  void aBodyMayBeAsLongAsTheLimit() {
    String head = "POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^";
    String said = "POST / host=h transfer-encoding=chunked; ";
    String half = "y".repeat(BodyReader.MAX_BYTES / 2);
    String chunk = "8000^" + half + "^";
    assertThat(Sentences.whole(Sentences.bytes(head + chunk + chunk + "0^^")))
        .isEqualTo(said + "body " + half + half);
    assertThat(Sentences.byteByByte(Sentences.bytes(head + chunk + chunk + "1^")))
        .isEqualTo(said + "413 body too large");
  }

  @Test
  void whatSurroundsChunksIsBounded() {
    String head = "POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^";
    String said = "POST / host=h transfer-encoding=chunked; ";
    check(head + "1;" + "e".repeat(252) + "^a^0^^", said + "body a");
    check(head + "1;" + "e".repeat(253) + "^a^0^^", said + "400 chunk is not valid");
    String extended = ("1;" + "e".repeat(199) + "^a^").repeat(20);
    check(head + extended + "0^^", said + "body " + "a".repeat(20));
    check(head + extended + extended, said + "400 chunk is not valid");
    check(head + "0^" + "x: y^".repeat(100) + "^", said + "body ");
    check(head + "0^" + "x: y^".repeat(101) + "^", said + "431 headers too large");
    check(head + "0^x: " + "y".repeat(8192), said + "431 headers too large");
  }

  @Test
  void afterARefusalNothingIsRead() {
    var reader = new RequestReader();
    ByteBuffer in = ByteBuffer.wrap(Sentences.bytes("bad^GET / HTTP/1.1^Host: h^^"));
    assertThat(reader.read(in)).isInstanceOf(Step.Refusal.class);
    assertThatThrownBy(() -> reader.read(in)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void usualNamesAreTheSameStrings() {
    byte[] name = Sentences.bytes("SEC-WebSocket-Key");
    assertThat(FieldNames.lowerCase(name, 0, name.length)).isSameAs(FieldNames.WEBSOCKET_KEY);
    byte[] other = Sentences.bytes("Sec-WebSocket-Kez");
    assertThat(FieldNames.lowerCase(other, 0, other.length)).isEqualTo("sec-websocket-kez");
  }

  private static void check(String request, String expected) {
    byte[] bytes = Sentences.bytes(request);
    String sentence =
        expected == null
            ? ""
            : expected.replace("<09>", "\t").replace("<0a>", "\n").replace("<0d>", "\r");
    assertThat(Sentences.whole(bytes)).isEqualTo(sentence);
    assertThat(Sentences.byteByByte(bytes)).as("byte by byte").isEqualTo(sentence);
    int step = Math.max(1, bytes.length / 500);
    for (int at = 0; at <= bytes.length; at += step) {
      assertThat(Sentences.cutAt(bytes, at)).as("cut at %d", at).isEqualTo(sentence);
    }
  }
}
