package dev.everwire.it.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A client in a process of its own. */
final class DrivenClient implements RealClient {
  private final Driver driver;

  DrivenClient(Driver driver) {
    this.driver = driver;
  }

  @Override
  public Link connect(Ask ask) throws Exception {
    var link = new Driven(driver);
    Map<String, Object> order = new HashMap<>();
    order.put("uri", ask.uri().toString());
    order.put("headers", ask.headers());
    order.put("deflate", ask.deflate().word());
    Path trust = ask.trust();
    if (trust != null) {
      order.put("trust", trust.toAbsolutePath().toString());
    }
    link.tell("connect", order);
    try {
      link.extensions = link.opened.get(Link.WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Refused refused ? refused : e;
    }
    return link;
  }

  @Override
  public void close() {} // the driver's owner ends it

  private static final class Driven extends Link {
    private final CompletableFuture<String> opened = new CompletableFuture<>();
    private final Driver driver;
    private final int number;
    private String extensions = ""; // set before it is handed out

    Driven(Driver driver) {
      this.driver = driver;
      this.number = driver.link(this::heard);
    }

    @Override
    String extensions() {
      return extensions;
    }

    @Override
    void text(String text) throws IOException {
      tell("text", Map.of("text", text));
    }

    @Override
    void fill(int length) throws IOException {
      tell("fill", Map.of("length", length));
    }

    @Override
    void binary(byte[] bytes) throws IOException {
      tell("binary", Map.of("base64", Base64.getEncoder().encodeToString(bytes)));
    }

    @Override
    void fragments(List<String> texts) throws IOException {
      tell("fragments", Map.of("texts", texts));
    }

    @Override
    void ping(byte[] payload) throws IOException {
      tell("ping", Map.of("base64", Base64.getEncoder().encodeToString(payload)));
    }

    @Override
    void close(int code, String reason) throws IOException {
      tell("close", Map.of("code", code, "reason", reason));
    }

    private void tell(String what, Map<String, Object> more) throws IOException {
      Map<String, Object> order = new HashMap<>(more);
      order.put("do", what);
      order.put("link", number);
      driver.tell(order);
    }

    private void heard(JsonNode line) {
      switch (line.path("heard").asString()) {
        case "open" -> opened.complete(line.path("extensions").asString());
        case "refused" -> opened.completeExceptionally(new Refused(line.path("status").asInt()));
        case "text" -> hear(new Heard.Text(line.path("text").asString()));
        case "binary" -> hear(new Heard.Binary(bytes(line)));
        case "pong" -> hear(new Heard.Pong(bytes(line)));
        case "closed" ->
            hear(new Heard.Closed(line.path("code").asInt(), line.path("reason").asString()));
        default -> {
          opened.completeExceptionally(new IOException(line.toString()));
          hear(new Heard.Broken(line.toString()));
        }
      }
    }

    private static byte[] bytes(JsonNode line) {
      return Base64.getDecoder().decode(line.path("base64").asString());
    }
  }
}
