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
      Field field = Server.class.getDeclaredField("sessions");
      field.setAccessible(true);
      return (Sessions) field.get(server);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
