package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.config.word.Secret;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keys and certificates of the server. On where a certificate or a store is given. Immutable. */
public record TlsOptions(
    @Doc(
            "PEM file: the server's certificate first, then those that signed it. Changed files are read by themselves.")
        @Nullable Path certificate,
    @Doc("PEM file with the private key of the certificate, PKCS#8.") @Nullable Path key,
    @Doc("Password of an encrypted private key.") @Nullable Secret keyPassword,
    @Doc("PKCS#12 file with one private key and its certificates, instead of certificate and key.")
        @Nullable Path store,
    @Doc("Password of the store.") @Nullable Secret storePassword,
    @Doc("Whether clients are asked for a certificate: required refuses those that show none.")
        ClientCertificates clientCertificates,
    @Doc("PEM file of the authorities whose client certificates are believed, and nobody else's.")
        @Nullable Path clientAuthorities,
    @Doc("How long browsers are told to come by TLS only; 0s for not telling them.")
        @Range(min = "0s", max = "3650d")
        Duration strictTransport,
    @Doc("How often the files are looked at.") @Range(min = "100ms", max = "1d")
        Duration checkEvery,
    @Doc("How long before the certificate's end the log begins to warn.")
        @Range(min = "1m", max = "3650d")
        Duration warnBeforeExpiry) {
  /** Whether clients show who they are. */
  public enum ClientCertificates {
    OFF,
    OPTIONAL,
    REQUIRED
  }

  /** No TLS. */
  public static final TlsOptions DEFAULT =
      new TlsOptions(
          null,
          null,
          null,
          null,
          null,
          ClientCertificates.OFF,
          null,
          Duration.ofDays(365),
          Duration.ofSeconds(10),
          Duration.ofDays(30));

  /** Whether connections are encrypted. */
  public boolean on() {
    return certificate != null || store != null;
  }
}
