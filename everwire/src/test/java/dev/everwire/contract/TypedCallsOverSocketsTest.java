package dev.everwire.contract;

import dev.everwire.Everwire;
import dev.everwire.client.ClientBuilder;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import java.net.URI;

/** Through Netty. */
class TypedCallsOverSocketsTest extends TypedCalls {
  @Override
  ServerBuilder serverThere() {
    return Everwire.server(0);
  }

  @Override
  ClientBuilder clientThere(Server server) {
    return Everwire.client(URI.create("ws://127.0.0.1:" + server.port() + "/ws"));
  }

  @Override
  void closeNetwork() {}
}
