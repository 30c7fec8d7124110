package dev.everwire.netty.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.netty.internal.loop.Addresses;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,            192.0.2.1,          true",
    "192.0.2.1,            192.0.2.2,          false",
    "10.0.0.0/8,           10.255.255.255,     true",
    "10.0.0.0/8,           11.0.0.0,           false",
    "10.1.2.3/9,           10.127.0.0,         true",
    "10.1.2.3/9,           10.128.0.0,         false",
    "192.0.2.128/25,       192.0.2.127,        false",
    "192.0.2.1/32,         192.0.2.1,          true",
    "192.0.2.1/32,         192.0.2.0,          false",
    "0.0.0.0/0,            203.0.113.9,        true",
    "0.0.0.0/0,            2001:db8::1,        false",
    "2001:db8::1,          2001:db8:0::1,      true",
    "2001:db8::/32,        2001:db8:ffff::,    true",
    "2001:db8::/33,        2001:db8:ffff::,    false",
    "::/0,                 2001:db8::1,        true",
    "::/0,                 192.0.2.1,          false",
    "::ffff:192.0.2.1,     192.0.2.1,          true",
    "192.0.2.1,            ::ffff:192.0.2.1,   true",
    "::ffff:10.0.0.0/104,  10.2.3.4,           true",
    "::ffff:10.0.0.0/104,  11.2.3.4,           false",
    "2001:0db8::0001,      2001:db8::1,        true",
    "unix:,                192.0.2.1,          false",
  })
  void aBlockTrustsItsAddresses(String entry, String address, boolean trusted) {
    TrustedProxies proxies = TrustedProxies.of(List.of(entry));
    InetSocketAddress peer = ClientAddress.address(address, 1);
    assertThat(peer).isNotNull();
    assertThat(proxies.trusts(peer)).isEqualTo(trusted);
    assertThat(TrustedProxies.NONE.trusts(peer)).isFalse();
  }

  @Test
  void aLocalSocketIsTrustedByItsName() {
    assertThat(TrustedProxies.of(List.of("10.0.0.0/8", "unix:")).trusts(null)).isTrue();
    assertThat(TrustedProxies.of(List.of("0.0.0.0/0", "::/0")).trusts(null)).isFalse();
    assertThat(TrustedProxies.NONE.trusts(null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "proxy.example",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.010",
        "10.0.0.0:80",
        "[::1]",
        "::1%lo",
        "::/129",
        "::ffff:10.0.0.0/95",
        "::1::2",
        "unix",
        "unix:/run/x",
        " 10.0.0.1"
      })
  void whatIsNoAddressIsRefused(String entry) {
    assertThatThrownBy(() -> TrustedProxies.of(List.of("10.0.0.0/8", entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "trustedProxies: "
                + entry
                + " (expected: an address, a block such as 10.0.0.0/8, or unix:)");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no header               | 10.0.0.1     | X: y                                                              | 10.0.0.1:7
          peer not trusted        | 203.0.113.9  | X-Forwarded-For: 192.0.2.1                                        | 203.0.113.9:7
          peer not trusted 2      | 203.0.113.9  | Forwarded: for=192.0.2.1                                          | 203.0.113.9:7
          one hop                 | 10.0.0.1     | X-Forwarded-For: 192.0.2.1                                        | 192.0.2.1:0
          one hop with a port     | 10.0.0.1     | X-Forwarded-For: 192.0.2.1:4711                                   | 192.0.2.1:4711
          made up by the client   | 10.0.0.1     | X-Forwarded-For: 1.1.1.1, 192.0.2.1                               | 192.0.2.1:0
          over trusted hops       | 10.0.0.1     | X-Forwarded-For: 1.1.1.1, 192.0.2.1, 10.0.0.3,10.0.0.2            | 192.0.2.1:0
          all are trusted         | 10.0.0.1     | X-Forwarded-For: 10.0.0.3, 10.0.0.2                               | 10.0.0.3:0
          on two lines            | 10.0.0.1     | X-Forwarded-For: 1.1.1.1, 192.0.2.1^X-Forwarded-For: 10.0.0.2     | 192.0.2.1:0
          IPv6                    | 10.0.0.1     | X-Forwarded-For: 2001:db8::1                                      | [2001:db8:0:0:0:0:0:1]:0
          IPv6 in brackets        | 10.0.0.1     | X-Forwarded-For: [2001:db8::1]                                    | [2001:db8:0:0:0:0:0:1]:0
          IPv6 with a port        | 10.0.0.1     | X-Forwarded-For: [2001:db8::1]:80                                 | [2001:db8:0:0:0:0:0:1]:80
          mapped hop is IPv4      | 10.0.0.1     | X-Forwarded-For: 192.0.2.1, ::ffff:10.0.0.2                       | 192.0.2.1:0
          a word                  | 10.0.0.1     | X-Forwarded-For: 192.0.2.1, unknown                               | 10.0.0.1:7
          a word further left     | 10.0.0.1     | X-Forwarded-For: 192.0.2.1, x, 10.0.0.2                           | 10.0.0.2:0
          empty                   | 10.0.0.1     | X-Forwarded-For: 192.0.2.1,                                       | 10.0.0.1:7
          empty header            | 10.0.0.1     | X-Forwarded-For:                                                  | 10.0.0.1:7
          port too large          | 10.0.0.1     | X-Forwarded-For: 192.0.2.1:65536                                  | 10.0.0.1:7
          port is no number       | 10.0.0.1     | X-Forwarded-For: 192.0.2.1:x                                      | 10.0.0.1:7
          no port behind a colon  | 10.0.0.1     | X-Forwarded-For: 192.0.2.1:                                       | 10.0.0.1:7
          text behind a bracket   | 10.0.0.1     | X-Forwarded-For: [2001:db8::1]80                                  | 10.0.0.1:7
          IPv4 in brackets        | 10.0.0.1     | X-Forwarded-For: [192.0.2.1]                                      | 10.0.0.1:7
          a name                  | 10.0.0.1     | X-Forwarded-For: localhost                                        | 10.0.0.1:7
          standard, one hop       | 10.0.0.1     | Forwarded: for=192.0.2.1                                          | 192.0.2.1:0
          standard, with more     | 10.0.0.1     | Forwarded: by=10.0.0.1;For=192.0.2.1;proto=https                  | 192.0.2.1:0
          standard, quoted        | 10.0.0.1     | Forwarded: for="192.0.2.1:80"                                     | 192.0.2.1:80
          standard, IPv6          | 10.0.0.1     | Forwarded: for="[2001:db8::1]:80"                                 | [2001:db8:0:0:0:0:0:1]:80
          standard, made up       | 10.0.0.1     | Forwarded: for=1.1.1.1, for=192.0.2.1                             | 192.0.2.1:0
          standard, trusted hops  | 10.0.0.1     | Forwarded: for=192.0.2.1 , for=10.0.0.3^Forwarded: for=10.0.0.2   | 192.0.2.1:0
          standard, escaped       | 10.0.0.1     | Forwarded: for="192.0.2\\.1"                                      | 192.0.2.1:0
          standard, comma inside  | 10.0.0.1     | Forwarded: x=",";for=192.0.2.1                                    | 192.0.2.1:0
          standard, unknown       | 10.0.0.1     | Forwarded: for=192.0.2.1, for=unknown                             | 10.0.0.1:7
          standard, hidden        | 10.0.0.1     | Forwarded: for=192.0.2.1, for=_gazonk                             | 10.0.0.1:7
          standard, without for   | 10.0.0.1     | Forwarded: for=192.0.2.1, proto=http                              | 10.0.0.1:7
          standard, two for       | 10.0.0.1     | Forwarded: for=192.0.2.1;for=192.0.2.2                            | 10.0.0.1:7
          standard, quote is open | 10.0.0.1     | Forwarded: for="x, for=192.0.2.1                                  | 10.0.0.1:7
          standard, quote closed  | 10.0.0.1     | Forwarded: x=", for="192.0.2.1"                                   | 10.0.0.1:7
          standard, no value      | 10.0.0.1     | Forwarded: for=, for=192.0.2.1                                    | 10.0.0.1:7
          standard, blank inside  | 10.0.0.1     | Forwarded: for = 192.0.2.1                                        | 10.0.0.1:7
          standard, empty         | 10.0.0.1     | Forwarded:                                                        | 10.0.0.1:7
          both agree              | 10.0.0.1     | Forwarded: for="192.0.2.1:9"^X-Forwarded-For: 1.1.1.1, 192.0.2.1  | 192.0.2.1:9
          both, one made up       | 10.0.0.1     | Forwarded: for=1.1.1.1^X-Forwarded-For: 192.0.2.1                 | 10.0.0.1:7
          """)
  void theClientIsTheFirstThatIsNotTrusted(
      String what, String peer, String headers, String client) {
    var fields = new Fields();
    for (String line : headers.split("\\^")) {
      String[] pair = line.split(":", 2);
      fields.add(pair[0].toLowerCase(Locale.ROOT), pair[1].strip());
    }
    TrustedProxies trusted = TrustedProxies.of(List.of("10.0.0.0/8"));
    InetSocketAddress seen = ClientAddress.of(trusted, ClientAddress.address(peer, 7), fields);
    assertThat(Addresses.hostAndPort(seen)).isEqualTo(client);
  }

  @Test
  void aLocalProxySpeaksForItsClients() {
    var fields = new Fields();
    fields.add("x-forwarded-for", "192.0.2.1");
    InetSocketAddress client = ClientAddress.of(TrustedProxies.of(List.of("unix:")), null, fields);
    assertThat(client).isEqualTo(ClientAddress.address("192.0.2.1", 0));
    assertThat(ClientAddress.of(TrustedProxies.NONE, null, fields)).isNull();
  }

  @Test
  void elementsAreCutAtCommasOnly() {
    assertThat(Elements.of(" a ,\tb;c,,d ")).isEqualTo(Arrays.asList("a", "b;c", "", "d"));
  }
}
