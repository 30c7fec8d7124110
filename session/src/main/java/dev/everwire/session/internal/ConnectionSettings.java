package dev.everwire.session.internal;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.dialect.Dialects;
import dev.everwire.session.Errors;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Lifetime;
import dev.everwire.session.Observer;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.delivery.QueueRules;
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
 * @param queueing what one connection holds for a peer that reads slowly
 */
public record ConnectionSettings(
    Dialects dialects,
    SessionLimits limits,
    Heartbeat heartbeat,
    Lifetime lifetime,
    ValueCodec values,
    Executor workers,
    RandomGenerator random,
    Watchdog watchdog,
    Disclosure disclosure,
    boolean cancelPlain,
    Errors errors,
    Observer observer,
    QueueRules queueing) {

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
        Lifetime.UNLIMITED,
        values,
        workers,
        random,
        watchdog,
        Disclosure.SANITISED,
        false,
        Errors.NONE,
        Observer.NONE,
        QueueRules.transportOnly());
  }

  /** The same where peers are told more or less of exceptions. */
  public ConnectionSettings disclosing(Disclosure other) {
    return with(dialects, lifetime, other, cancelPlain, errors, observer, queueing);
  }

  /** The same where plain peers are told of cancelled calls, or not. */
  public ConnectionSettings cancellingPlain(boolean on) {
    return with(dialects, lifetime, disclosure, on, errors, observer, queueing);
  }

  /** The same where proxies throw other exceptions. */
  public ConnectionSettings raising(Errors mapped) {
    return with(dialects, lifetime, disclosure, cancelPlain, mapped, observer, queueing);
  }

  /** The same, and a peer may switch these dialects on. */
  public ConnectionSettings allowing(Set<Dialect> allowed) {
    return with(
        dialects.allowing(allowed), lifetime, disclosure, cancelPlain, errors, observer, queueing);
  }

  /** The same where somebody is told what happens. */
  public ConnectionSettings observing(Observer watching) {
    return with(
        dialects, lifetime, disclosure, cancelPlain, errors, Observer.guarded(watching), queueing);
  }

  /** The same where connections last only so long. */
  public ConnectionSettings lasting(Lifetime bounds) {
    return with(dialects, bounds, disclosure, cancelPlain, errors, observer, queueing);
  }

  /** The same where messages wait for slow peers in another way. */
  public ConnectionSettings queueing(QueueRules other) {
    return with(dialects, lifetime, disclosure, cancelPlain, errors, observer, other);
  }

  private ConnectionSettings with(
      Dialects otherDialects,
      Lifetime otherLifetime,
      Disclosure otherDisclosure,
      boolean otherCancelPlain,
      Errors otherErrors,
      Observer otherObserver,
      QueueRules otherQueueing) {
    return new ConnectionSettings(
        otherDialects,
        limits,
        heartbeat,
        otherLifetime,
        values,
        workers,
        random,
        watchdog,
        otherDisclosure,
        otherCancelPlain,
        otherErrors,
        otherObserver,
        otherQueueing);
  }

  /** Eight hexadecimal digits to find a log line by. */
  String incident() {
    return String.format("%08x", random.nextInt());
  }
}
