package dev.everwire.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Every notification that was told, and whether those that came over one connection came in order,
 * one at a time and without a hole; and no request came before what was told before it.
 */
final class Notes {
  /** What one connection brought from one sender. */
  private static final class Sequel {
    private int begun;
    private int ended;
    private int requested;
  }

  private final Consumer<String> wrong;
  private final boolean strict;
  private final boolean ordered;
  private final Map<String, Integer> last = new HashMap<>();
  private final Map<String, TreeSet<Integer>> queued = new HashMap<>();
  private final Map<String, Sequel> sequels = new HashMap<>();

  /**
   * @param strict nobody calls back, so that nothing excuses a request that comes early
   * @param ordered they come in order, one at a time
   */
  Notes(boolean strict, boolean ordered, Consumer<String> wrong) {
    this.strict = strict;
    this.ordered = ordered;
    this.wrong = wrong;
  }

  int next(String sender) {
    return last.merge(sender, 1, Integer::sum);
  }

  int last(String sender) {
    return last.getOrDefault(sender, 0);
  }

  void queued(String sender, int n) {
    queued.computeIfAbsent(sender, key -> new TreeSet<>()).add(n);
  }

  void begins(String sender, String connection, int n) {
    Sequel sequel = sequel(sender, connection);
    String what = sender + " note " + n + " on " + connection;
    if (!ordered) {
      return;
    }
    if (sequel.begun != sequel.ended) {
      wrong.accept(what + " began while " + sequel.begun + " ran");
    }
    if (n <= sequel.begun) {
      wrong.accept(what + " came behind " + sequel.begun);
    }
    TreeSet<Integer> told = queued.getOrDefault(sender, new TreeSet<>());
    if (sequel.begun > 0 && n > sequel.begun + 1 && !told.subSet(sequel.begun + 1, n).isEmpty()) {
      wrong.accept(what + " came right behind " + sequel.begun);
    }
    if (strict && n <= sequel.requested) {
      wrong.accept(what + " was overtaken by a request");
    }
    sequel.begun = n;
  }

  void ends(String sender, String connection, int n) {
    sequel(sender, connection).ended = n;
  }

  /** A request has begun that was made after so many notifications. */
  void requested(String sender, String connection, int after) {
    Sequel sequel = sequel(sender, connection);
    if (strict && sequel.begun != sequel.ended && sequel.begun <= after) {
      wrong.accept(sender + " was asked on " + connection + " while note " + sequel.begun + " ran");
    }
    sequel.requested = Math.max(sequel.requested, after);
  }

  private Sequel sequel(String sender, String connection) {
    return sequels.computeIfAbsent(sender + " " + connection, key -> new Sequel());
  }
}
