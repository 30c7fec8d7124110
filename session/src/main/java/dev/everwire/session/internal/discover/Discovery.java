package dev.everwire.session.internal.discover;

import dev.everwire.protocol.TypeSchemas;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Methods;
import dev.everwire.session.internal.Route;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code rpc.discover}: an OpenRPC document about the methods of this end. It is made when
 * somebody asks for the first time, on a worker, and kept. Safe from any thread.
 */
public final class Discovery {
  private final String title;
  private final String version;
  private final Methods methods;
  private final TypeSchemas schemas;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable RawJson document; // guarded by lock

  private Discovery(String title, String version, Methods methods, TypeSchemas schemas) {
    this.title = title;
    this.version = version;
    this.methods = methods;
    this.schemas = schemas;
  }

  /**
   * What serves it.
   *
   * @param title of the service, as people call it
   * @param version of the service
   */
  public static Route route(String title, String version, Methods methods, TypeSchemas schemas) {
    Discovery discovery = new Discovery(title, version, methods, schemas);
    // Admitted and bounded as methods are; what they are named inside is not heard outside.
    return new Route.Served(
        Exposed.of("discover", call -> discovery.document(), Execution.CONCURRENT));
  }

  RawJson document() {
    lock.lock();
    try {
      RawJson made = document;
      if (made == null) {
        made = OpenRpc.document(title, version, methods.all(), schemas);
        document = made;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }
}
