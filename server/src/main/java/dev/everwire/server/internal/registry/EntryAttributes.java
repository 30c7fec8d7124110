package dev.everwire.server.internal.registry;

import dev.everwire.server.connection.AttributeKey;
import dev.everwire.server.connection.Attributes;
import java.util.Optional;
import java.util.Set;

/** The attributes of whatever session a connection has at the moment. */
record EntryAttributes(Entry entry) implements Attributes {

  @Override
  public <T> Optional<T> get(AttributeKey<T> key) {
    SessionIdentity identity = entry.identityOrNull();
    return identity == null ? Optional.empty() : identity.get(key);
  }

  @Override
  public <T> void set(AttributeKey<T> key, T value) {
    entry.identity().set(key, value);
  }

  @Override
  public boolean remove(AttributeKey<?> key) {
    SessionIdentity identity = entry.identityOrNull();
    return identity != null && identity.remove(key);
  }

  @Override
  public Set<AttributeKey<?>> keys() {
    SessionIdentity identity = entry.identityOrNull();
    return identity == null ? Set.of() : identity.keys();
  }

  @Override
  public int bytes() {
    SessionIdentity identity = entry.identityOrNull();
    return identity == null ? 0 : identity.bytes();
  }
}
