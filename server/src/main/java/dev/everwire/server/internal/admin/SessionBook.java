package dev.everwire.server.internal.admin;

import dev.everwire.server.internal.access.Proof;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.session.Session;
import dev.everwire.server.internal.session.Sessions;
import dev.everwire.spi.auth.Principal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All sessions of a node in the order of their ids: those that have a connection, whether they will
 * be kept or not, and those that have lost theirs. Safe from any thread.
 */
final class SessionBook {
  /** How many are looked at for one page, so that it costs a loop less than a millisecond. */
  static final int MOST_LOOKED_AT = 2_000;

  /**
   * One session as it was seen.
   *
   * @param kept what outlives the connection; null if nothing does
   * @param entry its connection; null while it has none
   */
  record Seen(String id, @Nullable Session kept, @Nullable Entry entry) {

    boolean lost() {
      return entry == null;
    }

    @Nullable String user() {
      return entry != null ? entry.user().orElse(null) : kept == null ? null : kept.user();
    }

    @Nullable String tenant() {
      return entry != null ? entry.tenant().orElse(null) : kept == null ? null : kept.tenant();
    }

    @Nullable String client() {
      return entry != null ? entry.givenClientId() : kept == null ? null : kept.named();
    }

    long generation() {
      return entry != null ? entry.generation() : kept == null ? 0 : kept.kept().generation();
    }

    /** Who it is, as was shown last; null where nobody is asked. */
    @Nullable Principal principal() {
      Standing standing = entry == null ? null : entry.standing();
      if (standing != null) {
        return standing.principal();
      }
      Proof proof = kept == null ? null : kept.proof();
      return proof == null ? null : proof.principal();
    }

    Set<String> tags() {
      return entry != null ? entry.tags() : kept == null ? Set.of() : kept.tags();
    }
  }

  /**
   * @param rows that were wanted
   * @param next what to look behind for more; null if there are none
   */
  record Page(List<Seen> rows, @Nullable String next) {}

  private final Registry registry;
  private final Sessions sessions;

  SessionBook(Registry registry, Sessions sessions) {
    this.registry = registry;
    this.sessions = sessions;
  }

  /** Null if there is none of this id. */
  @Nullable Seen find(String id) {
    Session kept = sessions.find(id);
    Entry entry = registry.ofSession(id);
    return kept == null && entry == null ? null : new Seen(id, kept, entry);
  }

  /**
   * Those behind an id that are wanted. The page may be short, or even empty, and have others
   * behind it: so many are looked at and no more.
   *
   * @param after null to begin with the first
   */
  Page page(@Nullable String after, int limit, Predicate<Seen> wanted) {
    List<Seen> rows = new ArrayList<>();
    Iterator<String> ids = ids(after);
    String last = null;
    for (int looked = 0; ids.hasNext(); looked++) {
      if (rows.size() == limit || looked == MOST_LOOKED_AT) {
        return new Page(rows, last);
      }
      last = ids.next();
      Seen seen = find(last);
      if (seen != null && wanted.test(seen)) {
        rows.add(seen);
      }
    }
    return new Page(rows, null);
  }

  /** All that are wanted; looks at each there is. */
  List<Seen> all(Predicate<Seen> wanted) {
    List<Seen> found = new ArrayList<>();
    ids(null)
        .forEachRemaining(id -> {
          Seen seen = find(id);
          if (seen != null && wanted.test(seen)) {
            found.add(seen);
          }
        });
    return found;
  }

  /** In order, each once. */
  private Iterator<String> ids(@Nullable String after) {
    return new Merged(registry.sessionIds(after), sessions.ids(after));
  }

  /** Two sorted iterators as one. */
  private static final class Merged implements Iterator<String> {
    private final Iterator<String> left;
    private final Iterator<String> right;
    private @Nullable String nextLeft;
    private @Nullable String nextRight;

    Merged(Iterator<String> left, Iterator<String> right) {
      this.left = left;
      this.right = right;
      this.nextLeft = next(left);
      this.nextRight = next(right);
    }

    @Override
    public boolean hasNext() {
      return nextLeft != null || nextRight != null;
    }

    @Override
    public String next() {
      String l = nextLeft;
      String r = nextRight;
      String least = r == null || (l != null && l.compareTo(r) <= 0) ? l : r;
      if (least == null) {
        throw new NoSuchElementException();
      }
      if (Objects.equals(least, l)) {
        nextLeft = next(left);
      }
      if (Objects.equals(least, r)) {
        nextRight = next(right);
      }
      return least;
    }

    private static @Nullable String next(Iterator<String> ids) {
      return ids.hasNext() ? ids.next() : null;
    }
  }
}
