package dev.everwire.it.rpc;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.lsp4j.jsonrpc.Endpoint;
import org.eclipse.lsp4j.jsonrpc.RemoteEndpoint;
import org.eclipse.lsp4j.jsonrpc.json.JsonRpcMethod;
import org.eclipse.lsp4j.jsonrpc.json.MessageJsonHandler;

/** LSP4J on one connection whose every message is a text. */
final class Lsp4jWire {
  private final MessageJsonHandler json;
  private final RemoteEndpoint remote;
  private final AtomicLong received = new AtomicLong();

  /**
   * @param out sends a text
   * @param local serves what the other end calls
   * @param methods of both ends
   */
  Lsp4jWire(Consumer<String> out, Endpoint local, Map<String, JsonRpcMethod> methods) {
    json = new MessageJsonHandler(methods);
    remote = new RemoteEndpoint(message -> out.accept(json.serialize(message)), local);
    json.setMethodProvider(remote);
    remote.setJsonHandler(json);
  }

  void receive(String text) {
    received.incrementAndGet();
    remote.consume(json.parseMessage(text));
  }

  RemoteEndpoint remote() {
    return remote;
  }

  long received() {
    return received.get();
  }
}
