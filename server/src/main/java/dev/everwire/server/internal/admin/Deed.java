package dev.everwire.server.internal.admin;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What will be done if it is allowed.
 *
 * @param detail for the audit log, nothing secret; null for what only looks
 * @param run does it and answers, now or later; on the caller's loop, where it must not block
 */
record Deed(@Nullable String detail, Consumer<Ask> run) {

  static Deed look(Consumer<Ask> run) {
    return new Deed(null, run);
  }

  static Deed change(String detail, Consumer<Ask> run) {
    return new Deed(detail, run);
  }
}
