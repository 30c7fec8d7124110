package dev.everwire.config.section;

import dev.everwire.auth.SigningAlgorithm;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import dev.everwire.config.word.Otherwise;
import dev.everwire.config.word.Range;
import dev.everwire.config.word.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source of keys that tokens are verified with: one of secret, pem, jwksFile and jwksUrl.
 * Immutable.
 */
public record JwtKeyOptions(
    @Doc("What HS tokens are signed with; 32 bytes at least.") @Nullable Secret secret,
    @Doc("PEM file with public keys or certificates.") @Nullable Path pem,
    @Doc("File with a JWK set.") @Nullable Path jwksFile,
    @Doc("Where a JWK set is fetched, https, or http from this machine.")
        @Form(pattern = "https?://.+", expected = "a URL that begins with https://")
        @Nullable URI jwksUrl,
    @Doc("What the keys may be used for, at least one; nothing else is believed.")
        List<SigningAlgorithm> algorithms,
    @Doc("Only tokens that name this key are verified with it; none for all. Not for a JWK set.")
        @Nullable String keyId,
    @Doc("Only tokens of this issuer are verified with it; none for all.") @Nullable String issuer,
    @Doc("How long fetching may take.") @Otherwise("5s") @Range(min = "100ms", max = "30s")
        Duration timeout,
    @Doc("How long fetched keys are used where the answer does not say.")
        @Otherwise("10m")
        @Range(min = "1m", max = "1h")
        Duration cacheFor,
    @Doc("How often a token with an unknown key may make it fetch again.")
        @Otherwise("30s")
        @Range(min = "1s", max = "10m")
        Duration unknownKeyRefreshEvery,
    @Doc("How long fetched keys are used while the source cannot be reached.")
        @Otherwise("1d")
        @Range(min = "0s", max = "7d")
        Duration tolerance) {
  /**
   * @throws IllegalArgumentException if there is not one source, or no algorithm
   */
  public JwtKeyOptions {
    algorithms = List.copyOf(algorithms);
    int sources =
        (secret == null ? 0 : 1)
            + (pem == null ? 0 : 1)
            + (jwksFile == null ? 0 : 1)
            + (jwksUrl == null ? 0 : 1);
    if (sources != 1) {
      throw new IllegalArgumentException(
          sources + " sources (expected: one of secret, pem, jwksFile and jwksUrl)");
    }
    if (algorithms.isEmpty()) {
      throw new IllegalArgumentException("algorithms: none (expected: at least 1)");
    }
  }
}
