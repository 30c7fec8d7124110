package dev.everwire.session;

/** Where and when a method's handler runs. Chosen for each method. */
public enum Execution {
  /**
   * On a virtual thread of its own, beside other calls of the same peer; it may block. A request
   * starts once the notifications that came before it were handled.
   */
  CONCURRENT,

  /**
   * On a virtual thread of its own, one at a time with all other methods of the same peer that are
   * marked so, in the order in which they came, requests and notifications alike; it may block.
   */
  IN_ORDER,

  /**
   * At once on the event loop of the connection, before anything else of any of its connections is
   * read. It must not block, not even for a lock that others hold while they wait; a handler that
   * holds the loop up is named in the log. For methods that only compute for microseconds.
   */
  NON_BLOCKING
}
