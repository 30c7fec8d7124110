package dev.everwire.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everwire.it.Serving;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every client with {@code everwire serve --demo}. */
@ParameterizedClass
@EnumSource(Kind.class)
@ExtendWith(Clients.Shared.class)
final class ClientsIT extends EchoContract {
  private static final int LIMIT = 10 * 1024 * 1024;
  private static Serving server;

  private final Kind kind;
  private final Clients clients;

  ClientsIT(Kind kind, Clients clients) {
    this.kind = kind;
    this.clients = clients;
  }

  @BeforeAll
  static void serve() throws Exception {
    server = Serving.on(0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  Link connect() throws Exception {
    return connect(Ask.of(server.uri("/echo")));
  }

  @Override
  Set<Can> can() {
    return kind.can();
  }

  @Test
  void nothingIsAgreedToThatTheServerDoesNotDo() throws Exception {
    assertThat(connect().extensions()).isEmpty();
  }

  @Test
  void aCallIsAnswered() throws Exception {
    Link link = connect(Ask.of(server.uri("/ws")));
    link.text("{\"jsonrpc\":\"2.0\",\"id\":\"ü\",\"method\":\"subtract\",\"params\":[42,23]}");
    assertThat(link.next())
        .isEqualTo(new Heard.Text("{\"jsonrpc\":\"2.0\",\"id\":\"ü\",\"result\":19}"));
    leave(link);
  }

  @Test
  void aMessageOverTheLimitIsClosedWith1009() throws Exception {
    Link link = connect(Ask.of(server.uri("/ws")));
    link.fill(LIMIT + 1);
    assertClosed(1009, link.next());
  }

  @Test
  void aPathThatIsNotServedIs404() {
    assertRefused(404, Ask.of(server.uri("/nowhere")));
  }

  @Test
  void aPageOfAnotherOriginIs403() {
    assertRefused(403, Ask.of(server.uri("/echo")).header("Origin", "https://elsewhere.example"));
  }

  @Test
  void aPageOfTheServersOwnOriginIsServed() throws Exception {
    assumeTrue(kind != Kind.CHROMIUM, "every other test of its is that");
    Link link = connect(Ask.of(server.uri("/echo")).header("Origin", server.page()));
    link.text("own");
    assertThat(link.next()).isEqualTo(new Heard.Text("own"));
  }

  private void assertRefused(int status, Ask ask) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> connect(ask))
        .satisfies(refused ->
            assertThat(refused.status())
                .isEqualTo(kind.can().contains(Can.SEE_STATUS) ? status : 0));
  }

  private Link connect(Ask ask) throws Exception {
    return clients.get(kind).connect(ask);
  }
}
