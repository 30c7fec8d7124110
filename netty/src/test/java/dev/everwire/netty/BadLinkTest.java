package dev.everwire.netty;

import static dev.everwire.netty.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.netty.RawClient.Frame;
import dev.everwire.netty.Station.Visitor;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver.Closed;
import dev.everwire.testkit.TcpProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Connections over a link of real sockets that fails. */
class BadLinkTest {
  @Test
  void aCutLinkIsAnAbnormalEnd() throws IOException {
    try (Station station = Station.open();
        TcpProxy link = TcpProxy.to(station.port());
        RawClient client = RawClient.upgraded(link.port())) {
      Visitor visitor = station.visitor();
      link.cut();
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed()).isEqualTo(new Closed(1006, "connection lost"));
      visitor.receiver().assertEndedOnce();
      assertThatThrownBy(client::frame).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aFrozenLinkDelaysAndLosesNothing() throws IOException {
    try (Station station = Station.open();
        TcpProxy link = TcpProxy.to(station.port());
        RawClient client = RawClient.upgraded(link.port())) {
      Visitor visitor = station.visitor();
      link.freeze();
      client.send(text("late"));
      assertThat(visitor.receiver().messages()).isEmpty();
      link.resume();
      assertThat(client.frame()).isEqualTo(new Frame(1, "late"));
    }
  }

  @Test
  void aLinkCutInTheMiddleOfAFrameDeliversOnlyWholeMessages() throws IOException {
    try (Station station = Station.open();
        TcpProxy link = TcpProxy.to(station.port());
        RawClient client = RawClient.upgraded(link.port())) {
      Visitor visitor = station.visitor();
      link.cutAfter(3 * 16 + 7); // header, mask and ten bytes each
      var five = new ByteArrayOutputStream();
      for (int i = 0; i < 5; i++) {
        five.writeBytes(text("0123456789"));
      }
      client.send(five.toByteArray());
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().count()).isLessThanOrEqualTo(3);
    }
  }
}
