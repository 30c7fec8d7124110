package dev.everwire.client.internal.keep;

import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.TokenPlace;
import dev.everwire.client.link.TokenSupplier;
import dev.everwire.session.Observer;
import dev.everwire.session.flow.CircuitBreaker;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.TransportLimits;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The words that the builders of all clients share. One thread at a time. */
public final class TermsBuilder {
  private final List<URI> endpoints = new ArrayList<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private List<String> subprotocols = List.of();
  private @Nullable TokenSupplier tokens;
  private TokenPlace tokenPlace = TokenPlace.HEADER;
  private @Nullable Supplier<? extends Dialer> dialer;
  private boolean ownsDialer;
  private ClientSettings.Builder settings = ClientSettings.builder();
  private Consumer<Status> onStatus = status -> {};
  private Consumer<ClientEvent> onEvent = event -> {};
  private Observer observer = Observer.NONE;
  private @Nullable CircuitBreaker breaker;
  private Executor workers = task -> Thread.ofVirtual().name("everwire-worker").start(task);
  private RandomGenerator random = new SecureRandom();
  private Duration connectWithin = Duration.ofSeconds(30);

  public TermsBuilder(URI uri) {
    endpoint(uri);
  }

  /** Refuses a bad address here, not at the first dial. */
  public void endpoint(URI uri) {
    endpoints.add(
        new Dialer.Request(uri, Map.of(), List.of(), connectWithin, TransportLimits.CLIENT).uri());
  }

  public void header(String name, String value) {
    headers.put(name, value);
  }

  public void subprotocols(List<String> offered) {
    subprotocols = offered;
  }

  public void tokens(TokenSupplier supplier, TokenPlace place) {
    tokens = supplier;
    tokenPlace = place;
  }

  public void dialer(Supplier<? extends Dialer> supplier, boolean owned) {
    dialer = supplier;
    ownsDialer = owned;
  }

  public ClientSettings.Builder settings() {
    return settings;
  }

  public void settings(ClientSettings all) {
    settings = all.toBuilder();
  }

  public void onStatus(Consumer<Status> listener) {
    onStatus = listener;
  }

  public void onEvent(Consumer<ClientEvent> listener) {
    onEvent = listener;
  }

  public void observer(Observer watching) {
    observer = watching;
  }

  public void breaker(CircuitBreaker before) {
    breaker = before;
  }

  public void workers(Executor executor) {
    workers = executor;
  }

  public void random(RandomGenerator generator) {
    random = generator;
  }

  public void connectWithin(Duration within) {
    if (within.isNegative() || within.isZero()) {
      throw new IllegalArgumentException("connectWithin: " + within + " (expected: > 0)");
    }
    connectWithin = within;
  }

  public Duration connectWithin() {
    return connectWithin;
  }

  /**
   * Before anything is made.
   *
   * @throws IllegalStateException naming what is missing
   */
  public void check() {
    present(dialer);
  }

  private static <T> T present(@Nullable T dialer) {
    if (dialer == null) {
      throw new IllegalStateException("dialer: not set (expected: .dialer(…))");
    }
    return dialer;
  }

  /** Makes the dialer, too, if it is to be the client's own. */
  public Terms build() {
    return new Terms(
        endpoints,
        headers,
        subprotocols,
        tokens,
        tokenPlace,
        present(dialer).get(),
        ownsDialer,
        settings.build(),
        onStatus,
        onEvent,
        observer,
        breaker,
        workers,
        random);
  }
}
