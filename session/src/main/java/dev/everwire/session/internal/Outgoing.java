package dev.everwire.session.internal;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.SendOptions;
import dev.everwire.session.transport.Loop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a {@link RemotePeer} sends: one connection, or whichever a client has at the moment. */
public interface Outgoing {

  /** One of several messages that leave together. */
  sealed interface Member {
    record Called(OutboundCall call) implements Member {}

    record Told(String method, @Nullable RawJson params) implements Member {}
  }

  /** A call that was begun. Nothing happens once it has ended. */
  interface Running {
    Running ENDED =
        new Running() {
          @Override
          public void cancel() {}

          @Override
          public void grant(int n) {}

          @Override
          public void readerWaits(boolean on) {}
        };

    void cancel();

    /** The number of its id on the connection it was sent on; 0 if it has none. */
    default long number() {
      return 0;
    }

    /** Ends it here without a word to the peer: it goes on somewhere else. */
    default void forget() {}

    /** So many more items of its result may come. */
    void grant(int n);

    /** Who reads its result has begun to wait for the peer, or no longer does. */
    void readerWaits(boolean on);
  }

  /** Safe from any thread; where nothing else is said, methods are called on it. */
  Loop loop();

  /**
   * Refuses what cannot be meant. Any thread.
   *
   * @param batched whether the call is one of a batch
   * @throws IllegalArgumentException naming the option
   */
  default void check(CallOptions options, boolean batched) {
    if (options.limit().isPresent()) {
      throw new IllegalArgumentException(
          "limitedBy: "
              + options.limit().get().name()
              + " (expected: none, calls pass no limiter)");
    }
  }

  /** Whether the peer takes streams as arguments; true while nobody can know. Any thread. */
  boolean takesStreams();

  Running call(OutboundCall call);

  /** Sends messages together; answers the calls among them. */
  List<Running> batch(List<Member> members);

  /**
   * Queues a notification. Safe from any thread; bounded, so a caller that is faster than the loop
   * gets FULL.
   */
  Offer notify(String method, @Nullable RawJson params);

  /** As the other; options mean nothing where nothing can be overtaken. */
  default Offer notify(String method, @Nullable RawJson params, SendOptions options) {
    return notify(method, params);
  }
}
