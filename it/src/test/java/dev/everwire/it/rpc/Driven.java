package dev.everwire.it.rpc;

import dev.everwire.it.interop.Driver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A library in a process of its own. */
record Driven(Driver driver, Library library) implements Theirs {

  @Override
  public Connection connect(URI uri) throws Exception {
    return connect(uri, Map.of());
  }

  /**
   * @param options what the library knows besides
   */
  Connection connect(URI uri, Map<String, ?> options) throws Exception {
    var connection = new Connection(driver);
    connection.tell(
        "connect", Map.of("library", library.label(), "uri", uri.toString(), "options", options));
    connection.opened = connection.hear("open");
    return connection;
  }

  @Override
  public Serving serve() throws Exception {
    var connection = new Connection(driver);
    connection.tell("serve", Map.of("library", library.label()));
    return new Serving(connection, connection.hear("listening").path("port").asInt());
  }

  record Serving(Connection connection, int port) implements Server {
    @Override
    public URI uri() {
      return URI.create("ws://127.0.0.1:" + port + "/rpc");
    }

    @Override
    public Side side() {
      return connection;
    }

    @Override
    public void cut() throws IOException {
      connection.cut();
    }

    @Override
    public void stop() throws IOException {
      connection.tell("stop", Map.of());
    }
  }

  /** One end in the process: a client's, or a server's of its latest connection. */
  static final class Connection implements Client, Side {
    private final Driver driver;
    private final int link;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Answer>> pending = new ConcurrentHashMap<>();
    private final Map<String, BlockingQueue<JsonNode>> heard = new ConcurrentHashMap<>();
    private volatile long received = -1; // written by the driver's reader
    private JsonNode opened = Json.NULL; // set before it is handed out

    Connection(Driver driver) {
      this.driver = driver;
      this.link = driver.link(this::hear);
    }

    @Override
    public Side side() {
      return this;
    }

    @Override
    public Ongoing call(String method, @Nullable JsonNode params) {
      return order("call", method, params);
    }

    /** A call made in one of the ways that the driver knows. */
    Ongoing order(String what, String method, @Nullable JsonNode params) {
      int call = calls.incrementAndGet();
      var end = new CompletableFuture<Answer>();
      pending.put(call, end);
      Map<String, Object> order = new HashMap<>(Map.of("call", call, "method", method));
      if (params != null) {
        order.put("params", params);
      }
      told(what, order);
      return new Ongoing(end, () -> told("cancel", Map.of("call", call)));
    }

    @Override
    public void notify(String method, @Nullable JsonNode params) throws IOException {
      Map<String, Object> order = new HashMap<>(Map.of("method", method));
      if (params != null) {
        order.put("params", params);
      }
      tell("notify", order);
    }

    @Override
    public long received() {
      return received;
    }

    @Override
    public void cut() throws IOException {
      tell("cut", Map.of());
    }

    /** The subprotocol; empty for none. */
    String protocol() {
      return opened.path("protocol").asString("");
    }

    void tell(String what, Map<String, ?> more) throws IOException {
      Map<String, Object> order = new HashMap<>(more);
      order.put("do", what);
      order.put("link", link);
      driver.tell(order);
    }

    /** Waits for something that is no answer. */
    JsonNode hear(String what) throws InterruptedException {
      JsonNode line = queue(what).poll(30, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("\"" + what + "\" was not heard; " + heard + driver.log());
      }
      return line;
    }

    private BlockingQueue<JsonNode> queue(String what) {
      return heard.computeIfAbsent(what, key -> new LinkedBlockingQueue<>());
    }

    private void told(String what, Map<String, ?> more) {
      try {
        tell(what, more);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void hear(JsonNode line) {
      String what = line.path("heard").asString();
      switch (what) {
        case "answer" -> answered(line);
        case "broken" -> pending.values().forEach(end -> end.complete(answer(line)));
        default -> queue(what).add(line);
      }
    }

    private void answered(JsonNode line) {
      received = line.path("received").asLong(received);
      CompletableFuture<Answer> end = pending.remove(line.path("call").asInt());
      if (end != null) {
        end.complete(answer(line));
      }
    }

    private static Answer answer(JsonNode line) {
      if (line.has("result")) {
        return new Answer.Result(line.path("result"));
      }
      JsonNode error = line.path("error");
      JsonNode data = error.path("data");
      return error.has("code")
          ? new Answer.Refused(
              error.path("code").asInt(),
              error.path("message").asString(),
              data.isMissingNode() || data.isNull() ? null : data)
          : new Answer.Lost(line.toString());
    }
  }
}
