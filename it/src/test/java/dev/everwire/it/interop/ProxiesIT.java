package dev.everwire.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.it.Serving;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code everwire serve --demo} behind the proxies of others. */
@ParameterizedClass
@EnumSource(Proxy.Brand.class)
@ExtendWith(Clients.Shared.class)
final class ProxiesIT extends EchoContract {
  private static final int LIMIT = 10 * 1024 * 1024;
  private static Serving shared;

  @TempDir private Path directory;
  private final Proxy.Brand brand;
  private final Clients clients;
  private Proxy proxy;

  ProxiesIT(Proxy.Brand brand, Clients clients) {
    this.brand = brand;
    this.clients = clients;
  }

  @BeforeParameterizedClassInvocation
  static void serve() throws Exception {
    shared = Serving.on(0);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    shared.close();
  }

  @BeforeEach
  void start() throws Exception {
    proxy = before(shared);
  }

  @AfterEach
  void end() {
    proxy.close();
  }

  @Override
  Link connect() throws Exception {
    return open(Kind.NODE_WS, proxy);
  }

  @Override
  Set<Can> can() {
    return Kind.NODE_WS.can();
  }

  @Test
  void aMessageOverTheLimitIsClosedWith1009() throws Exception {
    Link link = clients.get(Kind.NODE_WS).connect(Ask.of(proxy.uri("/ws")));
    link.fill(LIMIT + 1);
    assertClosed(1009, link.next());
  }

  @Test
  void everyClientGetsThrough() throws Exception {
    for (Kind kind : Kind.values()) {
      Link link = open(kind, proxy);
      byte[] bytes = new byte[100_000];
      link.binary(bytes);
      assertThat(link.next())
          .as("%s", kind)
          .isInstanceOfSatisfying(
              Heard.Binary.class, back -> assertThat(back.bytes()).isEqualTo(bytes));
      leave(link);
    }
  }

  @Test
  void whatTheServerRefusesIsRefused() {
    assertRefused(404, Ask.of(proxy.uri("/nowhere")));
    assertRefused(403, Ask.of(proxy.uri("/echo")).header("Origin", "https://elsewhere.example"));
  }

  @Test
  void aServerThatDrainsClosesWith1001() throws Exception {
    try (Serving server = Serving.on(0, "--drain", "5s");
        Proxy own = before(server)) {
      List<Link> links = List.of(open(Kind.NODE_WS, own), open(Kind.EVERWIRE, own));
      server.program().terminate();
      for (Link link : links) {
        assertClosed(1001, link.next());
      }
    }
  }

  @Test
  void aServerThatDiesIsNoticedAndClientsGoOnOnceItIsBack() throws Exception {
    BlockingQueue<Status> said = new LinkedBlockingQueue<>();
    try (Serving first = Serving.on(0);
        Proxy own = before(first);
        Client client = client(own.uri("/ws"), said)) {
      Link link = open(Kind.NODE_WS, own);
      live(said);
      first.program().kill();
      assertClosed(1006, link.next());
      assertThatExceptionOfType(Refused.class)
          .isThrownBy(() -> open(Kind.NODE_WS, own))
          .satisfies(refused -> assertThat(refused.status()).isIn(502, 503));
      try (Serving second = Serving.on(first.port())) {
        live(said);
        assertThat(client.call("sum", List.of(1, 2), Integer.class)).isEqualTo(3);
        leave(open(Kind.NODE_WS, own));
        assertThat(second.program().alive()).isTrue();
      }
    }
  }

  @Test
  void aConnectionThatTheProxyFindsTooQuietEndsAndTheClientComesBack() throws Exception {
    BlockingQueue<Status> said = new LinkedBlockingQueue<>();
    Map<String, String> impatient =
        Map.of("127.0.0.1:8080", "127.0.0.1:" + shared.port(), "75s", "1s");
    try (Proxy own = brand.start(directory(), brand.listen(), impatient);
        Client client = client(own.uri("/ws"), said)) {
      Link link = open(Kind.EVERWIRE, own);
      live(said);
      assertClosed(1006, link.next());
      live(said);
      assertThat(client.call("sum", List.of(1, 2), Integer.class)).isEqualTo(3);
    }
  }

  private Proxy before(Serving server) throws Exception {
    return brand.before(server.port(), directory());
  }

  private Path directory() throws Exception {
    return Files.createTempDirectory(directory, brand.name());
  }

  private Link open(Kind kind, Proxy through) throws Exception {
    return clients.get(kind).connect(Ask.of(through.uri("/echo")));
  }

  private void assertRefused(int status, Ask ask) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> clients.get(Kind.NODE_WS).connect(ask))
        .satisfies(refused -> assertThat(refused.status()).isEqualTo(status));
  }

  private static Client client(URI uri, BlockingQueue<Status> said) {
    return Everwire.client(uri)
        .reconnect(ReconnectPolicy.exponential(Duration.ofMillis(50), Duration.ofMillis(500)))
        .onStatus(said::add)
        .connect();
  }

  /** Waits until calls reach the server again. */
  private static void live(BlockingQueue<Status> said) throws InterruptedException {
    Status next;
    do {
      next = said.poll(Link.WITHIN.toSeconds(), TimeUnit.SECONDS);
      assertThat(next).isNotNull();
    } while (!(next instanceof Status.Ready));
  }
}
