package dev.everwire.server.internal.drain;

import dev.everwire.protocol.wire.Goaway;

/** What a connection is asked for when its server goes away. Event loop only. */
public interface Member {
  /** A connection that speaks no calls. */
  Member RAW =
      new Member() {
        @Override
        public boolean session() {
          return false;
        }

        @Override
        public void tell(Goaway goaway) {}

        @Override
        public void refuseCalls() {}

        @Override
        public int inboundCalls() {
          return 0;
        }

        @Override
        public int heldBack() {
          return 0;
        }
      };

  /** Whether hello was said, so that {@code $/goaway} is understood. */
  boolean session();

  void tell(Goaway goaway);

  /** Refuses new calls from now on. */
  void refuseCalls();

  /** Calls that run or wait. */
  int inboundCalls();

  /** Messages that wait for room in the transport's queue. */
  int heldBack();
}
