package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.problem.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not fit together. */
final class ChecksTest {

  private static List<String> problems(String yaml) {
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigLoader.parse("f", "preset: development\n" + yaml, Map.of(), Map.of()));
    return thrown == null ? List.of() : thrown.problems().stream().map(Problem::toString).toList();
  }

  private static List<String> warnings(String yaml) throws ConfigException {
    return ConfigLoader.parse("f", "preset: development\n" + yaml, Map.of(), Map.of())
        .warnings()
        .stream()
        .map(Problem::toString)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          heartbeat: {interval: 1s} | f:2:23: heartbeat.timeout: 10s (expected: at most 8 times heartbeat.interval, 1s)
          lifetime: {idle: 25s} | f:2:18: lifetime.idle: 25s (expected: more than heartbeat.interval, 25s)
          session: {resumeWithin: 2h} | f:2:25: session.resumeTokenLife: 1h (expected: at least session.resumeWithin, 2h)
          session: {resumeTokenLife: 1m} | f:2:28: session.resumeTokenLife: 1m (expected: at least session.resumeWithin, 2m)
          'session: {resumeKeys: [{id: a, secret: 12345678901234567890123456789012}, {id: a, secret: 12345678901234567890123456789012}]}' | 'f:2:23: session.resumeKeys: keys: [ResumeKey[a], ResumeKey[a]] (expected: each id once)'
          'limits: {memory: {maxBytesPerConnection: 64KiB}}' | f:2:42: limits.memory.maxBytesPerConnection: 64KiB (expected: at least limits.outbound.maxBytes, 1MiB)
          'limits: {outbound: {maxBytes: 8MiB}, memory: {maxBytes: 4MiB}}' | f:2:57: limits.memory.maxBytes: 4MiB (expected: at least limits.outbound.maxBytes, 8MiB)
          'limits: {memory: {maxBytes: 4MiB, maxBytesPerConnection: 8MiB}}' | f:2:29: limits.memory.maxBytes: 4MiB (expected: at least limits.memory.maxBytesPerConnection, 8MiB)
          'limits: {broker: {historyBytes: 1MiB}}' | f:2:33: limits.broker.historyBytes: 1MiB (expected: at least limits.transport.maxMessageBytes, 10MiB)
          'limits: {outbound: {normalBelow: 0.8}}' | 'f:2:34: limits.outbound.normalBelow: normalBelow: 0.8 (expected: > 0, <= 0.7)'
          'limits: {conversation: {maxConcurrentCalls: 300}}' | 'f:2:45: limits.conversation.maxAdmittedCalls: maxAdmittedCalls: 256 (expected: >= 300)'
          'limits: {inbound: {user: {messagesPerSecond: 0.001, messagesBurst: 1000}}}' | 'f:2:46: limits.inbound.user: burst: 1000 (expected: >= 1, and there again within PT24H)'
          'limits: {connections: {ratePerNode: 0.001, burstPerNode: 1000000}}' | 'f:2:37: limits.connections: burstPerNode: 1000000 (expected: at that rate within PT720H)'
          listen: {host: 0.0.0.0} | 'f:2:16: listen.host: "0.0.0.0" can be reached by other machines and nobody would be asked who they are (expected: auth.anonymous false, listen.open true, or a loopback address)'
          listen: {unixSocket: /tmp/everwire.sock} | 'f:2:22: listen.host: "/tmp/everwire.sock" can be reached by other machines and nobody would be asked who they are (expected: auth.anonymous false, listen.open true, or a loopback address)'
          'listen: {trustProxies: [127.0.0.1]}' | 'f:2:24: listen.host: "127.0.0.1" can be reached by other machines and nobody would be asked who they are (expected: auth.anonymous false, listen.open true, or a loopback address)'
          'listen: {hosts: [live.example.com]}' | 'f:2:17: listen.host: "127.0.0.1" can be reached by other machines and nobody would be asked who they are (expected: auth.anonymous false, listen.open true, or a loopback address)'
          'admin: {roles: none}' | 'f:2:16: admin.roles: "none" (expected: a list, [] for nothing)'
          'auth: {jwt: {keys: [{secret: 12345678901234567890123456789012, algorithms: [hs256], issuer: b}], issuers: a, audiences: b}}' | 'f:2:20: auth.jwt.keys: issuer of a source that is not among auth.jwt.issuers'
          listen: {path: /health} | 'f:2:16: listen.path: path: "/health" (expected: not reserved)'
          'dialects: {paths: [{path: /ws, dialect: fastapi-rpc}]}' | 'f:2:19: dialects.paths: "/ws" again (expected: each path once, and not listen.path)'
          'listen: {open: true, trustProxies: [10.0.0.0/99]}' | 'f:2:36: listen.trustProxies: trustedProxies: 10.0.0.0/99 (expected: an address, a block such as 10.0.0.0/8, or unix:)'
          listen: {proxyProtocol: true} | 'f:2:25: listen.proxyProtocol: true (expected: false, or listen.trustProxies that say whose header is believed)'
          'listen: {open: true, unixSocket: /no/such/directory/socket}' | 'f:2:34: listen.unixSocket: the directory of /no/such/directory/socket does not exist'
          origins: [example.com] | 'f:2:10: origins: origin: "example.com" (expected: like https://app.example.com)'
          'tls: {clientCertificates: required, clientAuthorities: pom.xml}' | 'f:2:27: tls.clientCertificates: asked for without TLS (expected: off, or tls.certificate)'
          auth: {anonymous: false} | 'f:2:19: auth.anonymous: false, and there is nothing to show who one is with (expected: auth.jwt, auth.apiKeys or auth.certificates, or true)'
          'auth: {within: 2s, answerWithin: 3s}' | f:2:34: auth.answerWithin: 3s (expected: at most auth.within, 2s)
          'auth: {within: 2s}' | f:2:16: auth.answerWithin: 5s (expected: at most auth.within, 2s)
          'auth: {jwt: {issuers: [a]}}' | 'f:2:23: auth.jwt.issuers: said without auth.jwt.keys (expected: at least 1)'
          'auth: {certificates: {enabled: true}}' | 'f:2:32: auth.certificates.enabled: true, and clients are not asked for any (expected: tls.clientCertificates optional or required)'
          'auth: {jwt: {keys: [{algorithms: [hs256]}], issuers: a, audiences: b}}' | 'f:2:21: auth.jwt.keys[0]: 0 sources (expected: one of secret, pem, jwksFile and jwksUrl)'
          'auth: {jwt: {keys: [{pem: /no/such.pem, algorithms: [rs256]}], issuers: a, audiences: b}}' | 'f:2:20: auth.jwt.keys: /no/such.pem does not exist'
          'access: {rankedRoles: [a, a], rules: [{anyone: true}]}' | 'f:2:23: access.rankedRoles: rankedRoles: [a, a] (expected: names, each once)'
          'access: {rules: [{actions: [call]}]}' | 'f:2:18: access.rules[0]: anyone: false (expected: true, or roles, permissions, users or tenants)'
          'access: {rules: [{actions: [subscribe], resources: [a//b], anyone: true}]}' | 'f:2:18: access.rules[0]: resources: "a//b" (expected: segments of a name, with *, {user} or {tenant} at their ends, or ** at the end)'
          """)
  void isRefused(String yaml, String problem) {
    assertThat(problems(yaml)).containsExactly(problem);
  }

  @Test
  void certificateAndKeyAreSaidTogether() {
    assertThat(problems("tls: {certificate: /no/chain.pem}\n"))
        .containsExactly(
            "f:2:20: tls.certificate: \"/no/chain.pem\" does not exist",
            "f:2:20: tls.certificate: said without tls.key (expected: both)");
    assertThat(problems("tls: {storePassword: x}\n"))
        .containsExactly("f:2:22: tls.storePassword: said without tls.store (expected: both)");
    assertThat(problems("tls: {keyPassword: x}\n"))
        .containsExactly("f:2:20: tls.keyPassword: said without tls.key (expected: both)");
  }

  @Test
  void everythingThatDoesNotFitIsToldAtOnce() {
    assertThat(
            problems(
                """
                listen:
                  host: 0.0.0.0
                  proxyProtocol: true
                heartbeat:
                  interval: 1s
                session:
                  resumeTokenLife: 1m
                """))
        .hasSize(4);
  }

  @Test
  void whatCouldNotBeReadIsToldOnce() {
    assertThat(problems("session: {resumeWithin: 2h, resumeTokenLife: soon}"))
        .singleElement()
        .asString()
        .contains("resumeTokenLife: \"soon\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'drain: {within: 5s, spread: 6s}' | f:2:29: drain.spread: 6s is cut to fit into drain.within, 5s
          'admin: {roles: [ops]}\naccess: {rules: [{anyone: true}]}' | 'f:2:16: admin.roles: does nothing: access.rules say who may administer'
          'topics: [{pattern: "**"}, {pattern: a}]' | 'f:2:9: topics: rule 2, "a", is never reached: an earlier one holds'
          'listen: {host: 0.0.0.0, open: true}' | f: admin.open: does nothing where other machines reach the server
          'service: {discloseErrors: true}\nlisten: {open: true}' | 'f:2:27: service.discloseErrors: tells strangers what is inside the server'
          'auth: {queryParameter: token}' | 'f:2:24: auth.queryParameter: tokens in URLs end up in logs of proxies'
          'access: {rules: [{users: ["*"]}]}' | 'f:2:17: access.rules: nobody has a name or a role, and no rule is about everybody: nothing is allowed'
          'access: {rankedRoles: [a]}' | 'f:2:23: access.rankedRoles: does nothing without access.rules'
          'limits: {memory: {maxBytesPerConnection: 2MiB}}' | 'f:2:42: limits.memory.maxBytesPerConnection: a peer that is sent a message as long as it may send one (10MiB) is closed'
          """)
  void isAWarning(String yaml, String warning) throws ConfigException {
    assertThat(warnings(yaml.replace("\\n", "\n")))
        .containsExactly(warning.replace("f: admin", "preset development: admin"));
  }

  @Test
  void tokensInPlainTextAreAWarning() throws ConfigException {
    String yaml =
        """
        listen: {host: 0.0.0.0}
        admin: {open: false}
        auth:
          anonymous: false
          apiKeys:
            - {hash: "k:sha256:AAAAAAAAAAAAAAAAAAAAAA:%s", user: u}
        """
            .formatted("A".repeat(43));
    assertThat(warnings(yaml))
        .containsExactly(
            "f:2:16: listen.host: tokens and keys come in plain text: say tls, or"
                + " listen.trustProxies if TLS ends there");
    assertThat(warnings(yaml.replace("0.0.0.0", "0.0.0.0, trustProxies: [10.0.0.0/8]"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1 | true",
        "127.1.2.3 | true",
        "localhost | true",
        "::1 | true",
        "[::1] | true",
        "0:0:0:0:0:0:0:1 | true",
        "0.0.0.0 | false",
        "'::' | false",
        "192.168.0.1 | false",
        "127.0.0.255 | true",
        "127.999.1.1 | false",
        "127.0.0.256 | false",
        "localhost.example.com | false",
        "127.0.0.1.example.com | false",
        "example.com | false",
      })
  void onlyWhatCanOnlyBeThisMachineNeedsNoAuthentication(String host, boolean loopback) {
    assertThat(problems("listen: {host: '" + host + "'}").isEmpty()).isEqualTo(loopback);
  }
}
