package dev.everwire.client.internal.pool;

import dev.everwire.client.link.PoolStrategy;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the member of a pool for a call or a topic: one that is ready, else one that may become
 * so, never one that is gone for good. Decides and touches nothing. One thread at a time.
 */
public final class Chooser {

  /** What counts of a member. */
  public interface Standing {
    /** Stays the same, and is another for each member. */
    String name();

    /** Whether it can be used at this moment. */
    boolean ready();

    /** Whether it never will be again. */
    boolean gone();
  }

  private final PoolStrategy strategy;
  private int next; // where to begin to look, so that equals take turns

  public Chooser(PoolStrategy strategy) {
    this.strategy = strategy;
  }

  /**
   * @param topic null if it is about none
   * @param load how much a member has to do
   * @return null if all are gone
   */
  public <M extends Standing> @Nullable M choose(
      List<M> members, @Nullable String topic, ToIntFunction<? super M> load) {
    boolean anyReady = members.stream().anyMatch(member -> usable(member, true));
    return switch (strategy) {
      case ROUND_ROBIN -> least(members, anyReady, member -> 0);
      case LEAST_PENDING -> least(members, anyReady, load);
      case BY_TOPIC_HASH ->
          topic == null ? least(members, anyReady, load) : byHash(members, anyReady, topic);
    };
  }

  private static boolean usable(Standing member, boolean ready) {
    return !member.gone() && (!ready || member.ready());
  }

  private <M extends Standing> @Nullable M least(
      List<M> members, boolean ready, ToIntFunction<? super M> load) {
    M chosen = null;
    int at = 0;
    int lowest = 0;
    for (int i = 0; i < members.size(); i++) {
      int place = (next + i) % members.size();
      M member = members.get(place);
      if (usable(member, ready)) {
        int has = load.applyAsInt(member);
        if (chosen == null || has < lowest) {
          chosen = member;
          at = place;
          lowest = has;
        }
      }
    }
    if (chosen != null) {
      next = at + 1;
    }
    return chosen;
  }

  /** Highest random weight: each topic ranks the members in an order of its own. */
  private static <M extends Standing> @Nullable M byHash(
      List<M> members, boolean ready, String topic) {
    M chosen = null;
    long highest = 0;
    for (M member : members) {
      if (usable(member, ready)) {
        long weight = weight(topic, member.name());
        if (chosen == null || Long.compareUnsigned(weight, highest) > 0) {
          chosen = member;
          highest = weight;
        }
      }
    }
    return chosen;
  }

  /** FNV-1a over both names, then mixed so that each bit counts. */
  static long weight(String topic, String member) {
    long hash = 0xcbf29ce484222325L;
    hash = fnv(hash, topic);
    hash = fnv(hash ^ 0xff, member);
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    hash *= 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  private static long fnv(long start, String text) {
    long hash = start;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
