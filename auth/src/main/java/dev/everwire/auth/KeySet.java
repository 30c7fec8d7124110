package dev.everwire.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some keys, and which of them a token may be signed with. Immutable. */
record KeySet(List<VerifyingKey> keys) {
  /** A token that names no key is tried with this many at most. */
  static final int MOST_TRIED = 8;

  KeySet {
    keys = List.copyOf(keys);
  }

  /**
   * The keys to try, at most {@link #MOST_TRIED}. A key without an id fits any; a token without one
   * fits all keys of its algorithm.
   */
  List<VerifyingKey> fitting(@Nullable String id, SigningAlgorithm algorithm) {
    return keys.stream()
        .filter(key -> key.algorithms().contains(algorithm))
        .filter(key -> id == null || key.id() == null || id.equals(key.id()))
        .limit(MOST_TRIED)
        .toList();
  }

  /** Whether there is a key of exactly this id, whatever it is for. */
  boolean has(String id) {
    return keys.stream().anyMatch(key -> id.equals(key.id()));
  }
}
