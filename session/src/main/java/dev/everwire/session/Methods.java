package dev.everwire.session;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The methods a peer may call, by name. Only what is named here is callable. Immutable; safe from
 * any thread.
 */
public final class Methods {
  public static final Methods NONE = new Methods(Map.of());

  private final Map<String, Exposed> byName;

  private Methods(Map<String, Exposed> byName) {
    this.byName = byName;
  }

  public @Nullable Exposed find(String name) {
    return byName.get(name);
  }

  /** All of them, in the order in which they were added; not modifiable. */
  public Collection<Exposed> all() {
    return List.copyOf(byName.values());
  }

  public static Builder builder() {
    return new Builder();
  }

  /** One thread at a time. */
  public static final class Builder {
    private final Map<String, Exposed> byName = new LinkedHashMap<>();
    private final List<Interceptor> interceptors = new ArrayList<>();
    private Errors errors = Errors.NONE;

    private Builder() {}

    /** As {@link #add(Exposed)}, to be run {@link Execution#CONCURRENT}. */
    public Builder add(String name, Handler handler) {
      return add(Exposed.of(name, handler, Execution.CONCURRENT));
    }

    /**
     * @throws IllegalArgumentException if the name is taken
     */
    public Builder add(Exposed method) {
      if (byName.putIfAbsent(method.name(), method) != null) {
        throw new IllegalArgumentException(
            "name: \"" + method.name() + "\" (expected: not given before)");
      }
      return this;
    }

    /** Around every method, whether added before or after; the first that is given is outermost. */
    public Builder intercept(Interceptor interceptor) {
      interceptors.add(interceptor);
      return this;
    }

    /**
     * What is answered for exceptions that come out of the interceptors; nothing special unless
     * said.
     */
    public Builder errors(Errors mapped) {
      errors = mapped;
      return this;
    }

    public Methods build() {
      Map<String, Exposed> built = new LinkedHashMap<>();
      byName.forEach((name, method) ->
          built.put(name, method.servedBy(translating(method.raised(), around(method.handler())))));
      return new Methods(built);
    }

    private Handler translating(Errors own, Handler handler) {
      Errors all = errors;
      return own == Errors.NONE && all == Errors.NONE
          ? handler
          : call -> {
            try {
              return handler.handle(call);
            } catch (Throwable e) {
              Fault fault = own.fault(e);
              if (fault == null) {
                fault = all.fault(e);
              }
              if (fault == null) {
                throw e;
              }
              throw new FaultException(fault);
            }
          };
    }

    private Handler around(Handler handler) {
      Handler chain = handler;
      for (Interceptor interceptor : interceptors.reversed()) {
        Handler next = chain;
        chain = call -> interceptor.intercept(call, next);
      }
      return chain;
    }
  }
}
