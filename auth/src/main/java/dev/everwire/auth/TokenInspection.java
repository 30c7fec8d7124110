package dev.everwire.auth;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Looks into a token, for people: what it says, and whether it would hold. Nothing of it is to be
 * believed before {@link #signature} has said so. Immutable.
 */
public final class TokenInspection {
  private final CompactToken token;

  private TokenInspection(CompactToken token) {
    this.token = token;
  }

  /**
   * @throws IllegalArgumentException if no server would read it, with the reason
   */
  public static TokenInspection of(String token) {
    try {
      return new TokenInspection(CompactToken.read(token));
    } catch (CompactToken.MalformedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  public RawJson header() {
    return token.header();
  }

  public RawJson claims() {
    return token.claims();
  }

  /** What it claims to be signed with; empty for {@code none} and what is not supported. */
  public Optional<SigningAlgorithm> algorithm() {
    return Optional.ofNullable(token.algorithm());
  }

  /**
   * A moment among the claims: {@code iat}, {@code nbf} or {@code exp}; null if it is missing.
   *
   * @throws IllegalArgumentException if it is no moment
   */
  public @Nullable Instant moment(String claim) {
    try {
      return TokenRules.instant(token.claims().members(), claim);
    } catch (JsonException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Why the settings would refuse its claims; empty if they would not. */
  public Optional<String> objection(JwtSettings settings, Instant now) {
    return TokenRules.check(token.claims(), settings, now) instanceof TokenRules.Result.Bad bad
        ? Optional.of(bad.why())
        : Optional.empty();
  }

  /** Whether the signature holds. */
  public sealed interface Signature {
    record Holds() implements Signature {}

    record Wrong(String why) implements Signature {}

    /** The keys could not be had. */
    record Unknown(String why) implements Signature {}
  }

  /** Tries these keys, after a fetch of them if need be. */
  public CompletionStage<Signature> signature(JwtKeys keys) {
    SigningAlgorithm algorithm = token.algorithm();
    if (algorithm == null) {
      return wrong("its algorithm is none or not supported");
    }
    if (!keys.algorithms().contains(algorithm)) {
      return wrong(algorithm + " needs another kind of key");
    }
    KeySet fixed = keys.fixed();
    if (fixed != null) {
      return CompletableFuture.completedStage(judged(fixed.fitting(token.keyId(), algorithm)));
    }
    JwksEndpoint endpoint = keys.endpoint();
    if (endpoint == null) {
      return wrong("there are no keys");
    }
    HttpJwksFetcher fetcher = new HttpJwksFetcher(endpoint);
    JwksSource source =
        new JwksSource(endpoint, keys.algorithms(), fetcher, InstantSource.system());
    return source
        .find(token.keyId(), algorithm)
        .thenApply(found ->
            switch (found) {
              case KeySource.Found.Keys(var some) -> judged(some);
              case KeySource.Found.Nothing nothing -> judged(List.of());
              case KeySource.Found.Later later ->
                  new Signature.Unknown("no keys can be had from " + endpoint.url());
            })
        .whenComplete((result, failure) -> fetcher.close());
  }

  private Signature judged(List<VerifyingKey> keys) {
    if (keys.isEmpty()) {
      return new Signature.Wrong(
          "no key fits" + (token.keyId() == null ? "" : " its kid and") + " its algorithm");
    }
    return keys.stream().anyMatch(key -> key.verifies(token))
        ? new Signature.Holds()
        : new Signature.Wrong("it was signed with another key, or changed since");
  }

  private static CompletionStage<Signature> wrong(String why) {
    return CompletableFuture.completedStage(new Signature.Wrong(why));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return token.toString();
  }
}
