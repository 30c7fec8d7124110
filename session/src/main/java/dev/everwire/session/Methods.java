package dev.everwire.session;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The methods a peer may call, by name. Only what is named here is callable. Immutable; safe from
 * any thread.
 */
public final class Methods {
  public static final Methods NONE = new Methods(Map.of());

  private final Map<String, Handler> byName;

  private Methods(Map<String, Handler> byName) {
    this.byName = Map.copyOf(byName);
  }

  public @Nullable Handler find(String name) {
    return byName.get(name);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** One thread at a time. */
  public static final class Builder {
    private final Map<String, Handler> byName = new HashMap<>();

    private Builder() {}

    /**
     * @param name 1–256 characters; names that begin with {@code _}, {@code rpc.} or {@code $/} are
     *     reserved
     * @throws IllegalArgumentException if the name is reserved, malformed or taken
     */
    public Builder add(String name, Handler handler) {
      if (name.isEmpty() || name.length() > 256) {
        throw new IllegalArgumentException("name: \"" + name + "\" (expected: 1-256 characters)");
      }
      if (name.startsWith("_") || name.startsWith("rpc.") || name.startsWith("$/")) {
        throw new IllegalArgumentException(
            "name: \"" + name + "\" (expected: not to begin with _, rpc. or $/)");
      }
      if (byName.putIfAbsent(name, handler) != null) {
        throw new IllegalArgumentException("name: \"" + name + "\" (expected: not given before)");
      }
      return this;
    }

    public Methods build() {
      return new Methods(byName);
    }
  }
}
