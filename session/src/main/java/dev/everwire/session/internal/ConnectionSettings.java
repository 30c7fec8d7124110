package dev.everwire.session.internal;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.dialect.Dialects;
import dev.everwire.session.Errors;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Observer;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.watch.Watchdog;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all connections of one server or client share.
 *
 * @param workers runs users' handlers; a virtual thread for each
 * @param random used on loops, so it must be safe from any thread where there are several; on
 *     workers too where subscriptions are served
 * @param watchdog watches over handlers that must not block
 * @param disclosure how much of an exception the peer is told
 * @param cancelPlain whether a peer that said no hello is told of cancelled calls
 * @param errors what proxies throw for which fault
 * @param observer guarded
 */
public record ConnectionSettings(
    Dialects dialects,
    SessionLimits limits,
    Heartbeat heartbeat,
    ValueCodec values,
    Executor workers,
    RandomGenerator random,
    Watchdog watchdog,
    Disclosure disclosure,
    boolean cancelPlain,
    Errors errors,
    Observer observer) {

  public static ConnectionSettings of(
      SessionLimits limits,
      Heartbeat heartbeat,
      ValueCodec values,
      Executor workers,
      RandomGenerator random,
      Watchdog watchdog) {
    return new ConnectionSettings(
        Dialects.of(limits.maxDepth(), limits.maxBatch()),
        limits,
        heartbeat,
        values,
        workers,
        random,
        watchdog,
        Disclosure.SANITISED,
        false,
        Errors.NONE,
        Observer.NONE);
  }

  /** The same where peers are told more or less of exceptions. */
  public ConnectionSettings disclosing(Disclosure other) {
    return with(dialects, other, cancelPlain, errors, observer);
  }

  /** The same where plain peers are told of cancelled calls, or not. */
  public ConnectionSettings cancellingPlain(boolean on) {
    return with(dialects, disclosure, on, errors, observer);
  }

  /** The same where proxies throw other exceptions. */
  public ConnectionSettings raising(Errors mapped) {
    return with(dialects, disclosure, cancelPlain, mapped, observer);
  }

  /** The same, and a peer may switch these dialects on. */
  public ConnectionSettings allowing(Set<Dialect> allowed) {
    return with(dialects.allowing(allowed), disclosure, cancelPlain, errors, observer);
  }

  /** The same where somebody is told what happens. */
  public ConnectionSettings observing(Observer watching) {
    return with(dialects, disclosure, cancelPlain, errors, Observer.guarded(watching));
  }

  private ConnectionSettings with(
      Dialects otherDialects,
      Disclosure otherDisclosure,
      boolean otherCancelPlain,
      Errors otherErrors,
      Observer otherObserver) {
    return new ConnectionSettings(
        otherDialects,
        limits,
        heartbeat,
        values,
        workers,
        random,
        watchdog,
        otherDisclosure,
        otherCancelPlain,
        otherErrors,
        otherObserver);
  }

  /** Eight hexadecimal digits to find a log line by. */
  String incident() {
    return String.format("%08x", random.nextInt());
  }
}
