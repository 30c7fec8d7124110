package dev.everwire.session.internal.contract;

import dev.everwire.session.Call;
import dev.everwire.session.Handler;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Serves one operation by a method of an implementation. Safe from any thread. */
final class Served implements Handler {
  private final Operation operation;
  private final MethodHandle body; // (Object[])Object
  private final ArgumentChecks checks;

  private Served(Operation operation, MethodHandle body, ArgumentChecks checks) {
    this.operation = operation;
    this.body = body;
    this.checks = checks;
  }

  static Served of(Operation operation, Object implementation, ArgumentChecks checks)
      throws IllegalAccessException {
    Method method = operation.method();
    method.setAccessible(true);
    MethodHandle bound = MethodHandles.lookup().unreflect(method).bindTo(implementation);
    MethodHandle body =
        bound
            .asFixedArity()
            .asSpreader(Object[].class, operation.arguments())
            .asType(java.lang.invoke.MethodType.methodType(Object.class, Object[].class));
    return new Served(operation, body, checks);
  }

  @Override
  public @Nullable Object handle(Call call) throws Exception {
    @Nullable Object[] arguments = operation.bind(call.params(), call.caller());
    checks.check(arguments);
    Object returned;
    try {
      returned = (Object) body.invokeExact(arguments);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) { // neither: somebody's own kind of Throwable
      throw new IllegalStateException(e);
    }
    return operation.output().write(returned, call.params().values());
  }
}
