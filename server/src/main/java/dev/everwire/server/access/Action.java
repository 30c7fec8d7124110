package dev.everwire.server.access;

/** What somebody may want to do. */
public enum Action {
  /**
   * Call a method of the application's, or tell it something; the resource is its name. To ask
   * which methods there are is one of them, {@code rpc.discover}.
   */
  CALL,
  /**
   * Hear a topic from now on, and what was missed of it; the resource is its name. A session's own
   * inbox is never asked about.
   */
  SUBSCRIBE,
  /** Read what a topic has kept; the resource is its name. */
  HISTORY,
  /** Publish to a topic; the resource is its name. */
  PUBLISH,
  /**
   * Look into the server or direct it; the resource is the name behind {@code rpc.admin.}, for
   * instance {@code kick}.
   */
  ADMINISTER
}
