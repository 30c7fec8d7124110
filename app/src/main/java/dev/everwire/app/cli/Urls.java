package dev.everwire.app.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The URLs that people type, as the ones that are dialled. */
final class Urls {
  /** Where an Everwire server has its conversations. */
  private static final String DEFAULT_PATH = "/ws";

  private Urls() {}

  /**
   * {@code http://host:port/}, {@code host:port} and a URL with no path mean {@code
   * ws://host:port/ws}; every other path stays as it is.
   */
  static URI conversation(String text) {
    URI uri = parse(text.contains("://") ? text : "ws://" + text);
    String scheme = scheme(uri);
    boolean page = scheme.equals("http") || scheme.equals("https");
    String path = uri.getRawPath();
    boolean noPath = path == null || path.isEmpty() || (page && path.equals("/"));
    return webSocket(
        page ? scheme.replace("http", "ws") : scheme, uri, noPath ? DEFAULT_PATH : path, text);
  }

  /** Exactly the URL that was given. */
  static URI exact(String text) {
    URI uri = parse(text);
    String path = uri.getRawPath();
    return webSocket(scheme(uri), uri, path == null || path.isEmpty() ? "/" : path, text);
  }

  private static URI webSocket(String scheme, URI uri, String path, String text) {
    if (!scheme.equals("ws") && !scheme.equals("wss")) {
      throw wrong(text, "expected: ws://, wss://, http:// or https://");
    }
    if (uri.getHost() == null) {
      throw wrong(text, "expected: a host");
    }
    if (uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
      throw wrong(text, "expected: no user and no #fragment");
    }
    if (uri.getPort() > 65_535) {
      throw wrong(text, "expected: a port of at most 65535");
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return parse(scheme + "://" + uri.getRawAuthority() + path + query);
  }

  private static String scheme(URI uri) {
    @Nullable String scheme = uri.getScheme();
    return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
  }

  private static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw wrong(text, "expected: for example ws://127.0.0.1:8080/ws");
    }
  }

  private static CommandException wrong(String text, String expectation) {
    return new CommandException(
        ExitStatus.USAGE, "'" + text + "' is not a URL to connect to (" + expectation + ")");
  }
}
