package dev.everwire.alone;

import dev.everwire.Everwire;
import dev.everwire.client.ClientBuilder;
import dev.everwire.netty.NettyListener;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.mock.MockServer;
import java.time.Duration;
import java.util.function.BooleanSupplier;

class LeftAloneOverSocketsTest extends LeftAloneContract {
  private final MockServer server = MockServer.on(NettyListener.on(0));

  @Override
  MockServer server() {
    return server;
  }

  @Override
  ClientBuilder builder() {
    return Everwire.client(server.uri());
  }

  @Override
  void until(BooleanSupplier condition) {
    Await.until(condition);
  }

  @Override
  void pass(Duration time) {
    Await.pass(time);
  }

  @Override
  void end() {}
}
