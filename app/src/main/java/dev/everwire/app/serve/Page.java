package dev.everwire.app.serve;

import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRoute;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What a browser sees at {@code /} and, with the demo, at {@code /chat}: documents, a script, a
 * style sheet and a picture, with no request to anywhere else. Built from {@code console/}; see
 * there. Immutable.
 */
final class Page {
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");
  private static final Pattern DEMO_ONLY = Pattern.compile("(?s)<!--demo-->.*?<!--/demo-->\n?");
  private static final Pattern VERSION_ONLY =
      Pattern.compile("(?s)<!--version-->.*?<!--/version-->");
  private static final int TAG_BYTES = 12;

  private static final Map<String, String> HEADERS =
      Map.of(
          "x-content-type-options",
          "nosniff",
          "referrer-policy",
          "no-referrer",
          "cross-origin-resource-policy",
          "same-origin",
          "cross-origin-opener-policy",
          "same-origin",
          "cache-control",
          "no-cache");

  private final String version;
  private final Supplier<String> preset;
  private final boolean demo;

  /**
   * @param version empty to say nothing of it
   * @param preset what holds, asked each time
   * @param demo whether to speak of what the demo adds
   */
  Page(String version, Supplier<String> preset, boolean demo) {
    this.version = version;
    this.preset = preset;
    this.demo = demo;
  }

  /** By path. */
  Map<String, HttpRoute> routes() {
    Map<String, HttpRoute> routes = new HashMap<>();
    routes.put("/", document("index.html"));
    if (demo) {
      routes.put("/chat", document("chat.html"));
    }
    routes.put("/everwire.js", file("everwire.js", "text/javascript; charset=utf-8"));
    routes.put("/everwire.css", file("everwire.css", "text/css; charset=utf-8"));
    routes.put("/everwire.svg", file("everwire.svg", "image/svg+xml"));
    return routes;
  }

  private static HttpRoute onlyRead(HttpRoute route) {
    return request ->
        request.method().equals("GET") || request.method().equals("HEAD")
            ? route.handle(request)
            : new HttpReply(405, Map.of("allow", "GET, HEAD"), new byte[0]);
  }

  private HttpRoute document(String name) {
    String html = new String(resource(name), StandardCharsets.UTF_8);
    String spoken = demo ? html : DEMO_ONLY.matcher(html).replaceAll("");
    String template =
        (version.isEmpty() ? VERSION_ONLY.matcher(spoken).replaceAll("") : spoken)
            .replace("{{version}}", escaped(version));
    return onlyRead(request -> {
      String header = request.headers().getOrDefault("host", "");
      // Only what is a host at all is repeated, and that holds no character of HTML or of a policy.
      String host = HOST.matcher(header).matches() ? header : "localhost";
      Map<String, String> headers = new HashMap<>(HEADERS);
      headers.put("content-type", "text/html; charset=utf-8");
      headers.put("content-security-policy", policy(host));
      String text =
          template.replace("{{preset}}", escaped(preset.get())).replace("{{host}}", escaped(host));
      return new HttpReply(200, headers, text.getBytes(StandardCharsets.UTF_8));
    });
  }

  /** Some browsers do not count the WebSocket of the same host as {@code 'self'}. */
  private static String policy(String host) {
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        + (" connect-src 'self' ws://" + host + " wss://" + host + ";")
        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
        + " require-trusted-types-for 'script'";
  }

  private static HttpRoute file(String name, String type) {
    byte[] bytes = resource(name);
    String tag = tag(bytes);
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.put("content-type", type);
    headers.put("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    headers.put("etag", tag);
    return onlyRead(request ->
        tag.equals(request.headers().get("if-none-match"))
            ? new HttpReply(304, headers, new byte[0])
            : new HttpReply(200, headers, bytes));
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static byte[] resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream("console/" + name)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
