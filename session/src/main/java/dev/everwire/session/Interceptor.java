package dev.everwire.session;

import org.jspecify.annotations.Nullable;

/**
 * Stands around every call of an application's methods: logging, authorisation, validation. Runs
 * where the handler runs, so around a {@link Execution#NON_BLOCKING} method it must not block
 * either. Safe from any thread.
 *
 * <pre>{@code
 * Interceptor onlyStaff = (call, next) -> {
 *   if (call.method().startsWith("staff.") && !staff(call.caller())) {
 *     throw new FaultException(FaultCode.FORBIDDEN, "not for you");
 *   }
 *   return next.handle(call);
 * };
 * }</pre>
 */
@FunctionalInterface
public interface Interceptor {

  /**
   * Answers the call itself, throws as a {@link Handler} may, or asks the next one.
   *
   * @param next the interceptors behind this one, and at last the method's own handler
   */
  @Nullable Object intercept(Call call, Handler next) throws Exception;
}
