package dev.everwire.config;

import dev.everwire.auth.ApiKeys;
import dev.everwire.auth.CertificateAuthenticator;
import dev.everwire.auth.JwksEndpoint;
import dev.everwire.auth.JwtAuthenticator;
import dev.everwire.auth.JwtKeys;
import dev.everwire.auth.JwtSettings;
import dev.everwire.auth.SigningAlgorithm;
import dev.everwire.config.section.ApiKeyOptions;
import dev.everwire.config.section.AuthOptions;
import dev.everwire.config.section.JwtKeyOptions;
import dev.everwire.config.section.JwtOptions;
import dev.everwire.config.word.Secret;
import dev.everwire.server.access.Authentication;
import dev.everwire.spi.auth.Authenticator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns options into whatever finds out who somebody is. What it opened is closed with it.
 *
 * @param opened null if there are no signed tokens
 */
record Identification(Authentication authentication, @Nullable JwtAuthenticator opened)
    implements AutoCloseable {

  /**
   * Reads the files of keys. Blocks.
   *
   * @param former of which the keys of endpoints are taken over that are the same; null for none.
   *     Both are to be closed
   * @throws IOException if one of them cannot be read
   * @throws IllegalArgumentException if the options do not fit
   */
  static Identification open(AuthOptions options, @Nullable Identification former)
      throws IOException {
    JwtAuthenticator jwt =
        options.jwt().keys().isEmpty()
            ? null
            : opened(jwt(options.jwt()), former == null ? null : former.opened());
    List<Authenticator> all = new ArrayList<>(); // what was brought on purpose is asked first
    try {
      if (jwt != null) {
        all.add(jwt);
      }
      if (!options.apiKeys().isEmpty()) {
        all.add(ApiKeys.of(options.apiKeys().stream().map(ApiKeyOptions::key).toList()));
      }
      if (options.certificates().enabled()) {
        all.add(CertificateAuthenticator.of(options.certificates().settings()));
      }
      return new Identification(terms(options, all), jwt);
    } catch (RuntimeException e) {
      if (jwt != null) {
        jwt.close();
      }
      throw e;
    }
  }

  /** Keys that were fetched are not fetched again because something else has changed. */
  private static JwtAuthenticator opened(JwtSettings settings, @Nullable JwtAuthenticator former) {
    return former == null ? JwtAuthenticator.open(settings) : former.succeeded(settings);
  }

  private static Authentication terms(AuthOptions options, List<Authenticator> all) {
    Authenticator asked =
        switch (all.size()) {
          case 0 -> null;
          case 1 -> all.getFirst();
          default -> Authenticator.firstOf(all);
        };
    return new Authentication(
        asked,
        options.anonymous(),
        options.within(),
        options.warnAhead(),
        options.grace(),
        options.answerWithin(),
        options.queryParameter(),
        null);
  }

  /** As {@link #open}, only of the options of tokens. */
  static JwtSettings jwt(JwtOptions options) throws IOException {
    JwtSettings.Builder settings =
        JwtSettings.builder()
            .clockSkew(options.clockSkew())
            .expiryRequired(options.expiryRequired())
            .type(options.type())
            .userClaim(options.userClaim())
            .tenantClaim(options.tenantClaim())
            .rolesClaim(options.rolesClaim())
            .permissionsClaim(options.permissionsClaim())
            .longestToken(options.longestToken());
    for (JwtKeyOptions source : options.keys()) {
      settings.keys(keys(source));
    }
    if (options.issuers().contains(JwtOptions.ANY)) {
      settings.anyIssuer();
    } else {
      settings.issuers(options.issuers().toArray(String[]::new));
    }
    if (options.audiences().contains(JwtOptions.ANY)) {
      settings.anyAudience();
    } else {
      settings.audiences(options.audiences().toArray(String[]::new));
    }
    return settings.build();
  }

  private static JwtKeys keys(JwtKeyOptions source) throws IOException {
    JwtKeys keys = source(source, Set.copyOf(source.algorithms()));
    if (source.keyId() != null) {
      keys = keys.withKeyId(source.keyId());
    }
    return source.issuer() == null ? keys : keys.forIssuer(source.issuer());
  }

  private static JwtKeys source(JwtKeyOptions source, Set<SigningAlgorithm> algorithms)
      throws IOException {
    Secret secret = source.secret();
    Path pem = source.pem();
    Path file = source.jwksFile();
    URI url = source.jwksUrl();
    if (secret != null) {
      return JwtKeys.secret(secret.reveal(), algorithms);
    }
    if (pem != null) {
      return JwtKeys.pemFile(pem, algorithms);
    }
    if (file != null) {
      return JwtKeys.jwksFile(file, algorithms);
    }
    if (url == null) {
      throw new IllegalArgumentException("keys: no source (expected: one)");
    }
    return JwtKeys.jwks(
        JwksEndpoint.at(url)
            .timeout(source.timeout())
            .cacheFor(source.cacheFor())
            .unknownKeyRefreshEvery(source.unknownKeyRefreshEvery())
            .tolerance(source.tolerance()),
        algorithms);
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
