package dev.everwire.server.internal.admin;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.internal.LoopSurvey;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.session.transport.Loop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Has rows about connections written, each on its connection's own loop. */
final class RowSurvey {
  private RowSurvey() {}

  /**
   * @param row called on the loop of the one it is about
   * @param done called at home; has no row of one whose loop has ended
   */
  static <T> void ask(
      List<T> shown,
      Function<T, Entry> entryOf,
      Function<T, RawJson> row,
      Loop home,
      Consumer<Map<T, RawJson>> done) {
    Map<T, RawJson> rows = new ConcurrentHashMap<>();
    Map<Loop, Runnable> questions = new HashMap<>();
    shown.stream()
        .collect(Collectors.groupingBy(one -> entryOf.apply(one).loop()))
        .forEach((loop, here) ->
            questions.put(loop, () -> here.forEach(one -> rows.put(one, row.apply(one)))));
    LoopSurvey.ask(questions, home, () -> done.accept(rows));
  }
}
