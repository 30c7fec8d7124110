package dev.everwire.app.serve;

import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.HttpRoute;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a browser sees at {@code /}: a document, a style sheet and a picture, with no script and no
 * request to anywhere else. Immutable.
 */
final class Page {
  private static final Pattern DEMO_ONLY = Pattern.compile("(?s)<!--demo-->.*?<!--/demo-->\n?");

  private static final Map<String, String> HEADERS =
      Map.of(
          "content-security-policy",
          "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
              + " form-action 'none'; frame-ancestors 'none'",
          "x-content-type-options",
          "nosniff",
          "referrer-policy",
          "no-referrer",
          "cross-origin-resource-policy",
          "same-origin",
          "cache-control",
          "no-cache");

  private final String template;

  /**
   * @param demo whether to speak of what the demo adds
   */
  Page(String version, String preset, boolean demo) {
    String html = resource("page.html");
    this.template =
        (demo ? html : DEMO_ONLY.matcher(html).replaceAll(""))
            .replace("{{version}}", escaped(version))
            .replace("{{preset}}", escaped(preset));
  }

  /** By path. */
  Map<String, HttpRoute> routes() {
    return Map.of(
        "/", onlyRead(this::document),
        "/page.css", onlyRead(request -> file("page.css", "text/css; charset=utf-8")),
        "/page.svg", onlyRead(request -> file("page.svg", "image/svg+xml")));
  }

  private static HttpRoute onlyRead(HttpRoute route) {
    return request ->
        request.method().equals("GET") || request.method().equals("HEAD")
            ? route.handle(request)
            : new HttpReply(405, Map.of("allow", "GET, HEAD"), new byte[0]);
  }

  private HttpReply document(HttpRequest request) {
    String header = request.headers().getOrDefault("host", "");
    // Only what is a host at all is repeated, and that holds no character of HTML.
    String host = Authority.parse(header) == null ? "localhost" : header;
    return reply("text/html; charset=utf-8", template.replace("{{host}}", escaped(host)));
  }

  private static HttpReply file(String name, String type) {
    return reply(type, resource(name));
  }

  private static HttpReply reply(String type, String text) {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.put("content-type", type);
    return new HttpReply(200, headers, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
