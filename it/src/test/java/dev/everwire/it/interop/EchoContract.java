package dev.everwire.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a client and an echoing server have to get right together, whoever wrote them. */
abstract class EchoContract {
  private static final int MIB = 1024 * 1024;

  /** Opens a connection to an endpoint that echoes. */
  abstract Link connect() throws Exception;

  /** What the client is able to do. */
  abstract Set<Can> can();

  @Test
  void textComesBackAsItWas() throws Exception {
    Link link = connect();
    for (String text : List.of("hello", "", "grün ä€", "😀🏳️‍🌈", "a€😀".repeat(20_000))) {
      link.text(text);
      assertThat(link.next()).isEqualTo(new Heard.Text(text));
    }
    leave(link);
  }

  @Test
  void bytesComeBackAsTheyWereAtEveryFormOfLength() throws Exception {
    Link link = connect();
    for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536, MIB}) {
      byte[] bytes = new byte[length];
      new Random(length).nextBytes(bytes);
      link.binary(bytes);
      assertThat(link.next())
          .isInstanceOfSatisfying(
              Heard.Binary.class,
              back -> assertThat(back.bytes()).as("%d bytes", length).isEqualTo(bytes));
    }
    leave(link);
  }

  @Test
  void fragmentsAreOneMessage() throws Exception {
    assumeTrue(can().contains(Can.FRAGMENT), "sends no fragments");
    Link link = connect();
    link.fragments(List.of("gr", "ü", "", "n", "😀"));
    assertThat(link.next()).isEqualTo(new Heard.Text("grün😀"));
    link.fragments(List.of("", ""));
    assertThat(link.next()).isEqualTo(new Heard.Text(""));
    leave(link);
  }

  @Test
  void aPingIsAnswered() throws Exception {
    assumeTrue(can().contains(Can.PING), "sends no pings");
    Link link = connect();
    byte[] payload = can().contains(Can.FILL_PING) ? utf8("x".repeat(125)) : new byte[0];
    link.ping(payload);
    assertThat(link.next())
        .isInstanceOfSatisfying(
            Heard.Pong.class, pong -> assertThat(pong.payload()).isEqualTo(payload));
    link.text("still open");
    assertThat(link.next()).isEqualTo(new Heard.Text("still open"));
    leave(link);
  }

  @Test
  void aHundredMessagesAtOnceComeBackInOrder() throws Exception {
    Link link = connect();
    for (int n = 0; n < 100; n++) {
      link.text("message " + n);
    }
    for (int n = 0; n < 100; n++) {
      assertThat(link.next()).isEqualTo(new Heard.Text("message " + n));
    }
    leave(link);
  }

  @Test
  void aCloseOfTheClientIsAnsweredWithItsCode() throws Exception {
    Link link = connect();
    link.close(4321, "gute Nacht ☾");
    assertClosed(4321, link.next()); // not every server sends the reason back as well
  }

  static void assertClosed(int code, Heard heard) {
    assertThat(heard)
        .isInstanceOfSatisfying(
            Heard.Closed.class,
            closed -> assertThat(closed.code()).as("%s", closed).isEqualTo(code));
  }

  static void leave(Link link) throws Exception {
    link.close(1000, "");
    assertClosed(1000, link.next());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
