package dev.everwire.session.internal;

import org.jspecify.annotations.Nullable;

/** Finds what serves a method of this end. Asked on the connection's loop. */
@FunctionalInterface
public interface Router {
  @Nullable Route route(String method);
}
