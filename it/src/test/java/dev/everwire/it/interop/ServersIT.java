package dev.everwire.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everwire's client with the servers of others: plain, compressing in every way, over TLS. */
@ParameterizedClass
@MethodSource("ways")
@ExtendWith(Clients.Shared.class)
final class ServersIT extends EchoContract {

  enum Other {
    NODE_WS,
    PYTHON,
    JETTY,
    JAVA_WEBSOCKET
  }

  private static @TempDir Path directory;

  private final Clients clients;
  private final Other other;
  private final Deflate deflate;
  private final boolean tls;
  private EchoServer server;
  private Ask ask;

  ServersIT(Other other, Deflate deflate, boolean tls, Clients clients) {
    this.other = other;
    this.deflate = deflate;
    this.tls = tls;
    this.clients = clients;
  }

  static Stream<Arguments> ways() {
    return Stream.of(
        arguments(Other.NODE_WS, Deflate.OFF, false),
        arguments(Other.NODE_WS, Deflate.PLAIN, false),
        arguments(Other.NODE_WS, Deflate.NO_TAKEOVER, false),
        arguments(Other.NODE_WS, Deflate.SMALL_WINDOW, false),
        arguments(Other.NODE_WS, Deflate.PLAIN, true),
        arguments(Other.PYTHON, Deflate.OFF, false),
        arguments(Other.PYTHON, Deflate.PLAIN, false),
        arguments(Other.PYTHON, Deflate.NO_TAKEOVER, false),
        arguments(Other.PYTHON, Deflate.SMALL_WINDOW, false),
        arguments(Other.PYTHON, Deflate.OFF, true),
        arguments(Other.JETTY, Deflate.OFF, false),
        arguments(Other.JETTY, Deflate.PLAIN, false),
        arguments(Other.JETTY, Deflate.NO_TAKEOVER, false),
        arguments(Other.JAVA_WEBSOCKET, Deflate.OFF, false),
        arguments(Other.JAVA_WEBSOCKET, Deflate.NO_TAKEOVER, false));
  }

  @BeforeEach
  void start() throws Exception {
    if (tls) {
      Certificate certificate = Certificate.make(directory);
      server = DrivenServer.start(driver(), deflate, certificate);
      ask = Ask.of(server.uri()).deflate(deflate).trust(certificate.chain());
    } else {
      server =
          switch (other) {
            case NODE_WS, PYTHON -> DrivenServer.start(driver(), deflate);
            case JETTY -> new JettyEcho();
            case JAVA_WEBSOCKET -> new JavaWebSocketEcho(deflate);
          };
      ask = Ask.of(server.uri()).deflate(deflate);
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  Link connect() throws Exception {
    return clients.get(Kind.EVERWIRE).connect(ask);
  }

  @Override
  Set<Can> can() {
    return Kind.EVERWIRE.can();
  }

  @Test
  void fragmentsOfTheServerAreOneMessage() throws Exception {
    Link link = connect();
    link.text("!fragments");
    assertThat(link.next()).isEqualTo(new Heard.Text("grün😀"));
    leave(link);
  }

  @Test
  void aPingOfTheServerIsAnswered() throws Exception {
    Link link = connect();
    link.text("!ping");
    assertThat(link.next()).isEqualTo(new Heard.Text("pong beat"));
    leave(link);
  }

  @Test
  void aCloseOfTheServerComesWithItsCodeAndReason() throws Exception {
    Link link = connect();
    link.text("!close");
    assertThat(link.next()).isEqualTo(new Heard.Closed(4001, "tschüß"));
  }

  @Test
  void aCutIs1006() throws Exception {
    Link link = connect();
    link.text("!cut");
    assertClosed(1006, link.next());
  }

  @Test
  void compressionIsAgreedOnWhereItIsAskedFor() throws Exception {
    assumeTrue(other != Other.JAVA_WEBSOCKET, "does not tell");
    Link link = connect();
    link.text("!extensions");
    assertThat(link.next())
        .isInstanceOfSatisfying(
            Heard.Text.class,
            agreed ->
                assertThat(agreed.text().startsWith("permessage-deflate"))
                    .as(agreed.text())
                    .isEqualTo(deflate != Deflate.OFF));
    leave(link);
  }

  private Driver driver() throws Exception {
    return clients.driver(Kind.valueOf(other.name()));
  }
}
