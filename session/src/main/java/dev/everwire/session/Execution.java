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
   *
   * <p>Only a handler that itself has a call out which it made through {@link Caller#peer()}, or
   * waits there for the items of a stream, lets the next one begin meanwhile, so that calls nested
   * across the wire do not dead-lock; both go on side by side when its answer has come. What others
   * wait for changes nothing, whatever the peer leaves unanswered. So a handler that makes no such
   * call runs alone from its beginning to its end, as long as the others make none either. A call
   * back by another way than {@link Caller#peer()} holds the next one up until it is answered.
   */
  IN_ORDER,

  /**
   * At once on the event loop of the connection, before anything else of any of its connections is
   * read. It must not block, not even for a lock that others hold while they wait; a handler that
   * holds the loop up is named in the log. For methods that only compute for microseconds.
   */
  NON_BLOCKING
}
