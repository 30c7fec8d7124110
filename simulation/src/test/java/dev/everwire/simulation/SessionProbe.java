package dev.everwire.simulation;

import dev.everwire.server.Server;
import dev.everwire.server.internal.session.Sessions;
import java.lang.reflect.Field;

/** Looks at what a server tells nobody: the sessions that it keeps. */
final class SessionProbe {
  private SessionProbe() {}

  static long known(Server server) {
    return sessions(server).size();
  }

  static long lost(Server server) {
    return sessions(server).lost();
  }

  private static Sessions sessions(Server server) {
    try {
      Object parts = field(server, "parts");
      return (Sessions) field(parts, "sessions");
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Object field(Object of, String name) throws ReflectiveOperationException {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }
}
