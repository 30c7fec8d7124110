package dev.everwire.app;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The JDK's own WebSocket: a client that shares no line with Everwire. */
public final class TextClient implements AutoCloseable {
  private static final long SECONDS = 20;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Messages messages = new Messages();
  private final WebSocket socket;

  public TextClient(URI uri) {
    this.socket = http.newWebSocketBuilder().buildAsync(uri, messages).join();
  }

  public static TextClient to(int port, String path) {
    return new TextClient(URI.create("ws://127.0.0.1:" + port + path));
  }

  public void send(String text) {
    socket.sendText(text, true).join();
  }

  /** In pieces, as fragments of one message. */
  public void send(String... fragments) {
    for (int i = 0; i < fragments.length; i++) {
      socket.sendText(fragments[i], i == fragments.length - 1).join();
    }
  }

  public void send(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  public String text() throws InterruptedException {
    return (String) next();
  }

  public byte[] bytes() throws InterruptedException {
    return (byte[]) next();
  }

  public JsonMembers ask(String text) throws InterruptedException {
    send(text);
    return RawJson.parse(text()).members();
  }

  /** The code of the close. */
  public int closeCode() throws Exception {
    return messages.closed.get(SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }

  private Object next() throws InterruptedException {
    Object message = messages.queue.poll(SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no message within " + SECONDS + " s");
    }
    return message;
  }

  private static final class Messages implements WebSocket.Listener {
    private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        queue.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
      byte[] copy = new byte[part.remaining()];
      part.get(copy);
      bytes.writeBytes(copy);
      if (last) {
        queue.add(bytes.toByteArray());
        bytes.reset();
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
