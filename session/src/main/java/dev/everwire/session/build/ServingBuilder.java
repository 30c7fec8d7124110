package dev.everwire.session.build;

import dev.everwire.session.Errors;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Handler;
import dev.everwire.session.Interceptor;
import dev.everwire.session.Methods;
import dev.everwire.session.internal.Disclosure;
import dev.everwire.session.internal.SubscriptionMethods;
import dev.everwire.session.internal.contract.Contract;
import dev.everwire.session.internal.utility.Utilities;
import dev.everwire.session.internal.watch.Watchdog;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an end serves, in the same words for servers and clients. One thread at a time.
 *
 * @param <B> the builder itself
 */
public abstract class ServingBuilder<B extends ServingBuilder<B>> {
  /** How long the answer of a call back is kept. */
  protected static final Duration AFTERWARDS = Utilities.KEPT;

  private final Methods.Builder methods = Methods.builder();
  private final Utilities utilities;
  private Errors errors = Errors.NONE;
  private boolean discovery = true;
  private Disclosure disclosure = Disclosure.SANITISED;
  private final Executor watcher;
  private Watchdog watchdog;

  /**
   * What was said.
   *
   * @param errors which exception is which fault, for proxies
   * @param discovery whether {@code rpc.discover} is answered
   */
  public record Serving(
      Methods methods,
      Errors errors,
      boolean discovery,
      Disclosure disclosure,
      Watchdog watchdog) {}

  /**
   * @param node the name of a server, told to whoever asks; null for a client
   * @param watcher gives each task a thread of its own, on which it may wait
   * @param aMinuteLater runs each task {@link #AFTERWARDS} after it was given
   */
  protected ServingBuilder(
      Supplier<@Nullable String> node, Executor watcher, Executor aMinuteLater) {
    this.utilities = new Utilities(node, aMinuteLater);
    this.watcher = watcher;
    this.watchdog = new Watchdog(Watchdog.DEFAULT_BOUND, watcher);
  }

  protected abstract B self();

  protected Serving serving() {
    return new Serving(methods.build(), errors, discovery, disclosure, watchdog);
  }

  /**
   * A method that peers may call, {@link Execution#CONCURRENT}.
   *
   * @throws IllegalArgumentException if the name is reserved, malformed or taken
   */
  public B method(String name, Handler handler) {
    return method(name, handler, Execution.CONCURRENT);
  }

  /**
   * A method that peers may call.
   *
   * @throws IllegalArgumentException if the name is reserved, malformed or taken
   */
  public B method(String name, Handler handler, Execution execution) {
    return method(Exposed.of(name, handler, execution));
  }

  /**
   * A method that peers may call, with its description if it has one.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public B method(Exposed method) {
    methods.add(method);
    return self();
  }

  /**
   * The methods of an interface that are marked {@link dev.everwire.session.contract.Rpc} or {@link
   * dev.everwire.session.contract.Notify}, and nothing else of the object.
   *
   * @throws IllegalArgumentException if the interface cannot be served, saying why, or a name is
   *     taken
   */
  public <T> B expose(Class<T> contract, T implementation) {
    Contract.of(contract).servedBy(implementation, SubscriptionMethods::of).forEach(methods::add);
    return self();
  }

  /** Around every method, whether given before or after; the first that is given is outermost. */
  public B intercept(Interceptor interceptor) {
    methods.intercept(interceptor);
    return self();
  }

  /**
   * Which exception is which fault, for all methods and proxies. Takes the place of a former one.
   */
  public B errors(Errors mapped) {
    errors = mapped;
    methods.errors(mapped);
    return self();
  }

  /**
   * What a handler throws is told to its caller, type, text and stack trace, beside the incident
   * number. For development only: exceptions tell of what is inside. Off unless said.
   */
  public B discloseErrors(boolean on) {
    disclosure = on ? Disclosure.FULL : Disclosure.SANITISED;
    return self();
  }

  /**
   * A method {@link Execution#NON_BLOCKING} that holds an event loop for longer is named in the
   * log, while it does; 100 ms unless said.
   *
   * @param bound 1 ms to 1 day
   */
  public B blockedAfter(Duration bound) {
    watchdog = new Watchdog(bound, watcher);
    return self();
  }

  /**
   * Whether {@code rpc.discover} answers an OpenRPC document: the names of the methods that peers
   * may call, and what their contracts say of them. It does unless said otherwise; every peer may
   * ask.
   */
  public B discovery(boolean answered) {
    discovery = answered;
    return self();
  }

  /**
   * Adds {@code ping}, {@code peer.details} (session, connection, a server's node; nothing of the
   * process), and {@code peer.callMeBack} with {@code peer.response}: the caller is called back,
   * and the answer kept for a minute, to be fetched once.
   *
   * @throws IllegalArgumentException if one of the names is taken
   */
  public B utilities() {
    utilities.methods().forEach(methods::add);
    return self();
  }

  /**
   * As {@link #utilities}, under the names that clients of <i>fastapi_websocket_rpc</i> know.
   *
   * @throws IllegalArgumentException if one of the names is taken
   */
  public B formerUtilities() {
    utilities.formerMethods().forEach(methods::add);
    return self();
  }
}
