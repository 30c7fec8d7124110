package dev.everwire.it.interop;

import dev.everwire.it.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The clients of a test run, each started when it is first asked for and ended after the last test.
 * One thread at a time.
 */
final class Clients implements AutoCloseable {
  private final Map<Kind, RealClient> clients = new EnumMap<>(Kind.class);
  private final Map<Kind, Driver> drivers = new EnumMap<>(Kind.class);

  /** Skips the test, under CI fails it, if what the client needs is not there. */
  RealClient get(Kind kind) throws Exception {
    RealClient known = clients.get(kind);
    if (known != null) {
      return known;
    }
    RealClient made =
        switch (kind) {
          case NODE_WS, NODE_UNDICI, PYTHON, CHROMIUM -> new DrivenClient(driver(kind));
          case OKHTTP -> new OkHttpPeer();
          case JDK -> new JdkPeer();
          case JETTY -> new JettyPeer();
          case JAVA_WEBSOCKET -> new JavaWebSocketPeer();
          case EVERWIRE -> new EverwirePeer();
        };
    clients.put(kind, made);
    return made;
  }

  Driver driver(Kind kind) throws IOException, InterruptedException {
    Driver known = drivers.get(kind);
    if (known != null) {
      return known;
    }
    Driver started =
        switch (kind) {
          case NODE_WS -> node("node", "ws");
          case NODE_UNDICI -> node("node", "undici");
          case CHROMIUM -> {
            Path chromium = Tools.find("chromium", "chromium-browser", "google-chrome");
            yield node("browser", chromium.toString());
          }
          case PYTHON -> {
            Tools.need("/usr/bin/python3", "-c", "import websockets"); // Debian's own
            yield Driver.start(
                "python",
                List.of("/usr/bin/python3", "interop.py"),
                Path.of("src", "test", "python"));
          }
          case OKHTTP, JDK, JETTY, JAVA_WEBSOCKET, EVERWIRE ->
              throw new IllegalArgumentException("kind: " + kind + " (expected: a process)");
        };
    drivers.put(kind, started);
    return started;
  }

  @Override
  public void close() {
    clients.values().forEach(RealClient::close);
    drivers.values().forEach(Driver::close);
  }

  private static Driver node(String folder, String argument)
      throws IOException, InterruptedException {
    Path directory = Tools.npm(folder);
    String name = folder + "-" + Path.of(argument).getFileName();
    return Driver.start(name, List.of("node", "interop.mjs", argument), directory);
  }

  /** Hands the one instance to tests. */
  static final class Shared implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
        ExtensionContext.Namespace.create(Clients.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Clients.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(NAMESPACE)
          .computeIfAbsent(Clients.class, key -> new Clients(), Clients.class);
    }
  }
}
