package dev.everwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everwire.netty.RawClient.Frame;
import dev.everwire.netty.Station.Visitor;
import dev.everwire.netty.options.IoTransport;
import dev.everwire.session.transport.Transport;
import dev.everwire.testkit.Await;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way of talking to the operating system. */
class TransportsTest {
  @ParameterizedTest
  @EnumSource
  void eachServesUntilItIsClosed(IoTransport io) throws IOException {
    assumeTrue(loads(io));
    try (Station station = Station.open(listener -> listener.transport(io))) {
      for (int i = 0; i < 3; i++) {
        try (RawClient client = RawClient.upgraded(station.port())) {
          client.send(RawClient.text("hello"));
          assertThat(client.frame()).isEqualTo(new Frame(1, "hello"));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAbortResetsTheConnection(IoTransport io) throws IOException {
    assumeTrue(loads(io));
    try (Station station = Station.open(listener -> listener.transport(io));
        RawClient client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      visitor.transport().loop().execute(visitor.transport()::abort);
      assertThatThrownBy(client::atEnd)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      Await.until(visitor.receiver()::isClosed);
      visitor.receiver().assertEndedOnce();
      assertThat(visitor.on(Transport::open)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatDoesNotLoadIsRefusedWithAReason(IoTransport io) {
    assumeTrue(!loads(io));
    assertThatThrownBy(() -> Station.open(listener -> listener.transport(io)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be had on this machine");
    assertThatThrownBy(NettyDialer.builder().transport(io)::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be had on this machine");
  }

  private static boolean loads(IoTransport io) {
    return switch (io) {
      case AUTO, NIO -> true;
      case EPOLL -> Epoll.isAvailable();
      case IO_URING -> IoUring.isAvailable();
    };
  }
}
