package dev.everwire.server.resume;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A ring of keys: one signs, all are accepted. Nodes that share a ring take each other's tokens.
 * Safe from any thread; a change counts from the next token on.
 *
 * <p>To change the key of many nodes, first let all of them accept the new one, then let all sign
 * with it, and take the old one away when its last token has ended:
 *
 * <pre>
 *   keys.replace(old, next);   // on every node
 *   keys.replace(next, old);   // on every node, after that
 *   keys.replace(next);        // an hour later
 * </pre>
 */
public final class ResumeKeys {
  /** Most keys of a ring. */
  public static final int MOST = 16;

  private volatile List<ResumeKey> ring; // replaced as a whole; the first one signs

  private ResumeKeys(List<ResumeKey> ring) {
    this.ring = ring;
  }

  /**
   * @param accepted besides the one that signs
   * @throws IllegalArgumentException if two have one id or they are more than {@value #MOST}
   */
  public static ResumeKeys of(ResumeKey signing, ResumeKey... accepted) {
    return new ResumeKeys(ring(signing, accepted));
  }

  /**
   * A ring of one key that nobody else has: tokens end with this process.
   *
   * @param random must not be guessable
   */
  public static ResumeKeys random(RandomGenerator random) {
    return of(ResumeKey.random(random));
  }

  /**
   * Puts other keys in the place of all.
   *
   * @throws IllegalArgumentException as {@link #of}; nothing has changed then
   */
  public void replace(ResumeKey signing, ResumeKey... accepted) {
    ring = ring(signing, accepted);
  }

  public ResumeKey signing() {
    return ring.getFirst();
  }

  /** Those accepted, the one that signs first. */
  public List<ResumeKey> accepted() {
    return ring;
  }

  public Optional<ResumeKey> find(String id) {
    return ring.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  private static List<ResumeKey> ring(ResumeKey signing, ResumeKey... accepted) {
    List<ResumeKey> keys = new ArrayList<>(List.of(accepted));
    keys.addFirst(signing);
    if (keys.size() > MOST) {
      throw new IllegalArgumentException(
          "keys: " + keys.size() + " (expected: at most " + MOST + ")");
    }
    if (keys.stream().map(ResumeKey::id).distinct().count() < keys.size()) {
      throw new IllegalArgumentException("keys: " + keys + " (expected: each id once)");
    }
    return List.copyOf(keys);
  }

  /** The ids. */
  @Override
  public String toString() {
    return "ResumeKeys" + ring;
  }
}
