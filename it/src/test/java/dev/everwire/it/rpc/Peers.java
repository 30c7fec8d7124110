package dev.everwire.it.rpc;

import dev.everwire.it.Tools;
import dev.everwire.it.interop.Driver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The libraries of a test run and the processes that they live in, each started when it is first
 * asked for and ended after the last test. One thread at a time.
 */
final class Peers implements AutoCloseable {
  private final Map<Library, Theirs> known = new EnumMap<>(Library.class);
  private @Nullable Driver node;
  private @Nullable Driver python;

  /** Skips the test, under CI fails it, if what the library needs is not there. */
  Theirs get(Library library) throws Exception {
    Theirs theirs = known.get(library);
    if (theirs == null) {
      theirs =
          switch (library) {
            case JSON_RPC_2_0, RPC_WEBSOCKETS, VSCODE_JSONRPC -> new Driven(node(), library);
            case PYLSP_JSONRPC -> new Driven(python(), library);
            case LSP4J -> new Lsp4j();
          };
      known.put(library, theirs);
    }
    return theirs;
  }

  /** As {@link #get} for one of those in a process of their own. */
  Driven driven(Library library) throws Exception {
    return (Driven) get(library);
  }

  private Driver node() throws IOException, InterruptedException {
    if (node == null) {
      node = Driver.start("node-rpc", List.of("node", "rpc.mjs"), Tools.npm("node"));
    }
    return node;
  }

  private Driver python() throws IOException, InterruptedException {
    if (python == null) {
      Tools.need("/usr/bin/python3", "-c", "import pylsp_jsonrpc, websockets"); // Debian's own
      python =
          Driver.start(
              "python-rpc",
              List.of("/usr/bin/python3", "rpc.py"),
              Path.of("src", "test", "python"));
    }
    return python;
  }

  @Override
  public void close() {
    for (Driver driver : new Driver[] {node, python}) {
      if (driver != null) {
        driver.close();
      }
    }
  }

  /** Hands the one instance to tests. */
  static final class Shared implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
        ExtensionContext.Namespace.create(Peers.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Peers.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(NAMESPACE)
          .computeIfAbsent(Peers.class, key -> new Peers(), Peers.class);
    }
  }
}
