package dev.everwire.server.connection;

import java.util.Optional;
import java.util.Set;

/**
 * What an application remembers about a session: at most {@value #MOST} values of together {@value
 * #MAX_BYTES} bytes. They stay when the session goes on with another connection, and end with it.
 * Safe from any thread; values should not change once they are set.
 */
public interface Attributes {
  int MOST = 64;
  int MAX_BYTES = 64 * 1024;

  <T> Optional<T> get(AttributeKey<T> key);

  /**
   * Sets a value in place of the former one.
   *
   * @throws AttributesFullException if it would be too many or too much; the former value stays
   */
  <T> void set(AttributeKey<T> key, T value);

  /** False if there was none. */
  boolean remove(AttributeKey<?> key);

  /** Of all that are set now, a copy. */
  Set<AttributeKey<?>> keys();

  /** What names and values count together. */
  int bytes();
}
