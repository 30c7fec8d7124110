package dev.everwire.app.bench;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Subscribe;
import dev.everwire.session.transport.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The few messages of Everwire's protocol that a benchmark sends besides its load. */
final class Greeting {
  static final JsonRpcCodec CODEC = new JsonRpcCodec(1_000, 100);
  static final RequestId HELLO = new RequestId(Names.HELLO_ID);
  static final RequestId SUBSCRIBE = RequestId.number(1);

  private Greeting() {}

  static void hello(Transport transport) {
    hello(transport, List.of(), null);
  }

  /** A session that outlives its connection. */
  static void resumable(Transport transport, Hello.@Nullable Resume resume) {
    hello(transport, List.of("ack"), resume);
  }

  private static void hello(Transport transport, List<String> caps, Hello.@Nullable Resume resume) {
    RawJson params = new Hello(1, "everwire-bench", "", caps, resume).write();
    send(transport, new Message.Request(HELLO, Names.HELLO, params));
  }

  static void subscribe(Transport transport, String topic) {
    RawJson params = new Subscribe(topic, null).write();
    send(transport, new Message.Request(SUBSCRIBE, Names.SUBSCRIBE, params));
  }

  /** Answers a ping of a session; everything else is not a greeting. */
  static boolean answered(Transport transport, Message message) {
    if (message instanceof Message.Notification(String method, @Nullable RawJson params)) {
      if (method.equals(Names.PING)) {
        send(transport, new Message.Notification(Names.PONG, null));
        return true;
      }
      return method.equals(Names.PONG);
    }
    return false;
  }

  private static void send(Transport transport, Message message) {
    JsonWriter out = new JsonWriter();
    CODEC.write(message, out);
    var unused = transport.sendText(out.buffer()); // a few messages always fit
  }
}
