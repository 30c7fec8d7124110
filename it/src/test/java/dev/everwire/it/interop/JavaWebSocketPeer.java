package dev.everwire.it.interop;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.handshake.ServerHandshake;

/** Java-WebSocket's client. */
final class JavaWebSocketPeer implements RealClient {
  private static final Pattern STATUS = Pattern.compile("Invalid status code received: (\\d+)");

  private final List<Socket> sockets = new ArrayList<>();

  @Override
  public Link connect(Ask ask) throws Exception {
    var link = new JavaWebSocket(ask);
    Path trust = ask.trust();
    if (trust != null && ask.uri().getScheme().equals("wss")) {
      link.socket.setSocketFactory(Trust.only(trust).context().getSocketFactory());
    }
    sockets.add(link.socket);
    link.socket.connect();
    try {
      link.extensions = link.opened.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Refused refused ? refused : e;
    }
    return link;
  }

  @Override
  public void close() {
    sockets.forEach(socket -> socket.closeConnection(1006, ""));
  }

  static Draft draft(Deflate deflate) {
    var extension = new PerMessageDeflateExtension();
    extension.setThreshold(0);
    return switch (deflate) {
      case OFF -> new Draft_6455();
      case PLAIN -> {
        extension.setServerNoContextTakeover(false);
        yield new Draft_6455(extension);
      }
      case NO_TAKEOVER -> {
        extension.setServerNoContextTakeover(true);
        extension.setClientNoContextTakeover(true);
        yield new Draft_6455(extension);
      }
      case SMALL_WINDOW -> throw new IllegalArgumentException("no window bits in this library");
    };
  }

  private static final class JavaWebSocket extends Link {
    private final CompletableFuture<String> opened = new CompletableFuture<>();
    private final Socket socket;
    private String extensions = ""; // set before it is handed out

    JavaWebSocket(Ask ask) {
      socket = new Socket(ask.uri(), draft(ask.deflate()), ask.headers(), this);
      socket.setConnectionLostTimeout(0);
    }

    @Override
    String extensions() {
      return extensions;
    }

    @Override
    void text(String text) {
      socket.send(text);
    }

    @Override
    void binary(byte[] bytes) {
      socket.send(bytes);
    }

    @Override
    void fragments(List<String> texts) {
      for (int at = 0; at < texts.size(); at++) {
        ByteBuffer part = ByteBuffer.wrap(texts.get(at).getBytes(StandardCharsets.UTF_8));
        socket.sendFragmentedFrame(Opcode.TEXT, part, at == texts.size() - 1);
      }
    }

    @Override
    void ping(byte[] payload) {
      var ping = new PingFrame();
      ping.setPayload(ByteBuffer.wrap(payload));
      socket.sendFrame(ping);
    }

    @Override
    void close(int code, String reason) {
      socket.close(code, reason);
    }
  }

  private static final class Socket extends WebSocketClient {
    private final JavaWebSocket link;

    Socket(URI uri, Draft draft, Map<String, String> headers, JavaWebSocket link) {
      super(uri, draft, headers);
      this.link = link;
    }

    @Override
    public void onOpen(ServerHandshake answer) {
      link.opened.complete(answer.getFieldValue("Sec-WebSocket-Extensions"));
    }

    @Override
    public void onMessage(String text) {
      link.hear(new Heard.Text(text));
    }

    @Override
    public void onMessage(ByteBuffer bytes) {
      link.hear(new Heard.Binary(bytes(bytes)));
    }

    @Override
    public void onWebsocketPong(WebSocket from, Framedata pong) {
      link.hear(new Heard.Pong(bytes(pong.getPayloadData())));
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
      Matcher status = STATUS.matcher(reason);
      link.opened.completeExceptionally(
          new Refused(status.find() ? Integer.parseInt(status.group(1)) : 0));
      link.hear(new Heard.Closed(code, reason));
    }

    @Override
    public void onError(Exception e) {} // onClose follows

    private static byte[] bytes(ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
  }
}
