package dev.everwire.app.cli;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The URLs that people type, as the ones that are dialled. */
final class Urls {
  /** Where an Everwire server has its conversations. */
  private static final String DEFAULT_PATH = "/ws";

  private static final Pattern LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

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

  /** Whether it is certainly this machine; nobody is asked for the name. */
  static boolean loopback(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    if (host.equals("localhost")) {
      return true;
    }
    boolean literal = host.startsWith("[") || LITERAL.matcher(host).matches();
    try {
      return literal && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
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
