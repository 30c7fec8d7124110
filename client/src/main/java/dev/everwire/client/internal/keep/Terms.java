package dev.everwire.client.internal.keep;

import dev.everwire.client.internal.lifecycle.Rules;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.TokenPlace;
import dev.everwire.client.link.TokenSupplier;
import dev.everwire.protocol.CloseCode;
import dev.everwire.session.Observer;
import dev.everwire.session.flow.CircuitBreaker;
import dev.everwire.session.transport.Dialer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How one client is kept connected.
 *
 * @param headers sent with each upgrade request
 * @param tokens null if it has none
 * @param breaker stands before each dial; null if none does
 */
public record Terms(
    List<URI> endpoints,
    Map<String, String> headers,
    List<String> subprotocols,
    @Nullable TokenSupplier tokens,
    TokenPlace tokenPlace,
    Dialer dialer,
    boolean ownsDialer,
    ClientSettings settings,
    Consumer<Status> onStatus,
    Consumer<ClientEvent> onEvent,
    Observer observer,
    @Nullable CircuitBreaker breaker,
    Executor workers,
    RandomGenerator random) {
  private static final Logger LOG = System.getLogger(Terms.class.getName());
  private static final Duration AFTER_A_BROKEN_POLICY = Duration.ofSeconds(60);

  public Terms {
    endpoints = List.copyOf(endpoints);
    headers = Map.copyOf(headers);
    subprotocols = List.copyOf(subprotocols);
  }

  /** What the client's life is ruled by. */
  Rules rules(boolean greets, IntFunction<CloseCode.Verdict> verdicts) {
    return new Rules(
        greets,
        kind(tokens),
        settings.authRetries(),
        settings.authTimeout(),
        settings.stableAfter(),
        this::delay,
        verdicts);
  }

  private static Rules.Tokens kind(@Nullable TokenSupplier supplier) {
    if (supplier == null) {
      return Rules.Tokens.NONE;
    }
    return TokenSupplier.isFixed(supplier) ? Rules.Tokens.FIXED : Rules.Tokens.RENEWED;
  }

  private Optional<Duration> delay(int failures) {
    try {
      return Objects.requireNonNull(settings.reconnect().delay(failures, random));
    } catch (RuntimeException | Error e) { // the user's own policy must not strand the client
      LOG.log(Level.ERROR, "reconnect policy failed failures=" + failures, e);
      return Optional.of(AFTER_A_BROKEN_POLICY);
    }
  }

  /** What is dialled. */
  public Dialer.Request request(URI endpoint, @Nullable String token) {
    return request(endpoint, token, Map.of());
  }

  /** As the other, with headers besides those that the user named. */
  public Dialer.Request request(URI endpoint, @Nullable String token, Map<String, String> besides) {
    Map<String, String> sent = headers;
    if (!besides.isEmpty()) {
      sent = new HashMap<>(headers);
      sent.putAll(besides);
    }
    if (token != null && tokenPlace == TokenPlace.HEADER) {
      sent = new HashMap<>(sent);
      sent.keySet().removeIf("Authorization"::equalsIgnoreCase);
      sent.put("Authorization", "Bearer " + token);
    }
    return new Dialer.Request(
        endpoint, sent, subprotocols, settings.dialTimeout(), settings.transportLimits());
  }

  /** Without what may hold a secret. */
  @Override
  public String toString() {
    return "Terms[endpoints=" + endpoints.stream().map(Terms::plain).toList() + "]";
  }

  /** Where a server is, for people: without user and query, which may hold a secret. */
  static URI plain(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return URI.create(uri.getScheme() + "://" + uri.getHost() + port + path);
  }
}
