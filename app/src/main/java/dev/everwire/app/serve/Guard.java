package dev.everwire.app.serve;

import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other sites away from a listener. A browser sends {@code Origin} with every
 * WebSocket upgrade, so one that differs from the host asked for is a foreign page. And a server on
 * a loopback address answers only for loopback names, because a foreign page can make its own name
 * point there (DNS rebinding). Programs that send no {@code Origin} are not touched.
 */
final class Guard implements Listener {
  private static final int FORBIDDEN = 403;

  private final Listener inner;
  private final boolean loopbackNamesOnly;

  Guard(Listener inner, boolean loopbackNamesOnly) {
    this.inner = inner;
    this.loopbackNamesOnly = loopbackNamesOnly;
  }

  @Override
  public Listening listen(Acceptor acceptor) throws IOException {
    return inner.listen(new Guarded(acceptor));
  }

  /** One sentence that says why a request with these headers is refused; null if it is not. */
  @Nullable String refusal(Map<String, String> headers) {
    String hostHeader = headers.get("host");
    Authority host = hostHeader == null ? null : Authority.parse(hostHeader);
    if (loopbackNamesOnly && (host == null || !host.loopback())) {
      return "This server answers only for localhost, 127.0.0.1 and [::1].";
    }
    String origin = headers.get("origin");
    if (origin != null && !same(origin, host)) {
      return "This server does not answer pages of other origins.";
    }
    return null;
  }

  private static boolean same(String origin, @Nullable Authority host) {
    int defaultPort;
    if (origin.startsWith("http://")) {
      defaultPort = 80;
    } else if (origin.startsWith("https://")) {
      defaultPort = 443;
    } else {
      return false;
    }
    Authority from = Authority.parse(origin.substring(origin.indexOf("://") + 3));
    return from != null
        && host != null
        && from.withDefaultPort(defaultPort).equals(host.withDefaultPort(defaultPort));
  }

  private final class Guarded implements Acceptor {
    private final Acceptor inner;

    Guarded(Acceptor inner) {
      this.inner = inner;
    }

    @Override
    public Answer upgrade(Handshake handshake) {
      String refusal = refusal(handshake.headers());
      return refusal == null ? inner.upgrade(handshake) : Refuse.with(FORBIDDEN, refusal);
    }

    @Override
    public void http(HttpRequest request, Consumer<HttpReply> reply) {
      String refusal = refusal(request.headers());
      if (refusal == null) {
        inner.http(request, reply);
      } else {
        reply.accept(HttpReply.text(FORBIDDEN, refusal));
      }
    }
  }
}
