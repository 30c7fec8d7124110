package dev.everwire.config;

import dev.everwire.auth.ApiKey;
import dev.everwire.auth.ApiKeys;
import dev.everwire.config.internal.text.Durations;
import dev.everwire.config.section.ApiKeyOptions;
import dev.everwire.config.section.AuthOptions;
import dev.everwire.config.section.JwtKeyOptions;
import dev.everwire.config.section.JwtOptions;
import dev.everwire.config.section.RuleOptions;
import dev.everwire.config.section.TlsOptions.ClientCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the server finds out who connects, and who may do what. */
final class AuthChecks {
  private final Config config;
  private final Checks checks;

  private AuthChecks(Config config, Checks checks) {
    this.config = config;
    this.checks = checks;
  }

  static void all(Config config, Checks checks) {
    AuthChecks auth = new AuthChecks(config, checks);
    auth.terms();
    auth.tokens();
    auth.keys();
    auth.certificates();
    auth.rules();
  }

  private void terms() {
    AuthOptions auth = config.auth();
    if (!auth.anonymous() && !auth.possible()) {
      checks.problem(
          "false, and there is nothing to show who one is with"
              + " (expected: auth.jwt, auth.apiKeys or auth.certificates, or true)",
          "auth.anonymous",
          "auth.jwt.keys",
          "auth.apiKeys",
          "auth.certificates.enabled");
    }
    if (auth.answerWithin().compareTo(auth.within()) > 0) {
      checks.problem(
          atMost(auth.answerWithin(), "auth.within", auth.within()),
          "auth.answerWithin",
          "auth.within");
    }
    if (auth.possible() && auth.warnAhead().compareTo(auth.answerWithin()) < 0) {
      checks.warning(
          "shorter than auth.answerWithin: a renewal may come too late",
          "auth.warnAhead",
          "auth.answerWithin");
    }
    if (auth.queryParameter() != null) {
      checks.warning("tokens in URLs end up in logs of proxies", "auth.queryParameter");
    }
  }

  private void tokens() {
    JwtOptions jwt = config.auth().jwt();
    if (jwt.keys().isEmpty()) {
      if (!jwt.issuers().isEmpty() || !jwt.audiences().isEmpty()) {
        checks.problem(
            "said without auth.jwt.keys (expected: at least 1)",
            jwt.issuers().isEmpty() ? "auth.jwt.audiences" : "auth.jwt.issuers",
            "auth.jwt.keys");
      }
      return;
    }
    boolean named = anyOrNames(jwt.issuers(), "auth.jwt.issuers");
    named &= anyOrNames(jwt.audiences(), "auth.jwt.audiences");
    boolean readable = true;
    for (JwtKeyOptions source : jwt.keys()) {
      readable &= readable(source.pem());
      readable &= readable(source.jwksFile());
      issuer(jwt, source);
    }
    if (named && readable) {
      try {
        var unused = Identification.jwt(jwt);
      } catch (IOException e) {
        checks.problem("a file of keys cannot be read", "auth.jwt.keys");
      } catch (IllegalArgumentException e) {
        checks.problem(String.valueOf(e.getMessage()), "auth.jwt.keys");
      }
    }
  }

  /** Without an issuer of its own a source speaks for all of them. */
  private void issuer(JwtOptions jwt, JwtKeyOptions source) {
    String issuer = source.issuer();
    if (issuer == null) {
      if (jwt.keys().size() > 1 && jwt.issuers().size() > 1) {
        checks.warning(
            "a source without issuer is believed whatever issuer a token names", "auth.jwt.keys");
      }
    } else if (!jwt.issuers().contains(issuer) && !jwt.issuers().contains(JwtOptions.ANY)) {
      checks.problem(
          "issuer of a source that is not among auth.jwt.issuers",
          "auth.jwt.keys",
          "auth.jwt.issuers");
    }
  }

  private boolean anyOrNames(List<String> names, String path) {
    if (names.isEmpty()) {
      checks.problem("none (expected: at least 1, or * for anybody)", path, "auth.jwt.keys");
      return false;
    }
    if (names.contains(JwtOptions.ANY) && names.size() > 1) {
      checks.problem("* among others (expected: * alone, or names)", path);
      return false;
    }
    return true;
  }

  private boolean readable(@Nullable Path file) {
    if (file == null || (Files.isReadable(file) && Files.isRegularFile(file))) {
      return true;
    }
    checks.problem(
        file + (Files.exists(file) ? " cannot be read" : " does not exist"), "auth.jwt.keys");
    return false;
  }

  private void keys() {
    List<ApiKey> keys = new ArrayList<>();
    for (ApiKeyOptions key : config.auth().apiKeys()) {
      checks.taken(() -> keys.add(key.key()), "auth.apiKeys");
    }
    if (keys.size() == config.auth().apiKeys().size()) {
      checks.taken(
          () -> {
            var unused = ApiKeys.of(keys);
          },
          "auth.apiKeys");
    }
  }

  private void certificates() {
    if (!config.auth().certificates().enabled()) {
      return;
    }
    if (config.tls().clientCertificates() == ClientCertificates.OFF) {
      checks.problem(
          "true, and clients are not asked for any (expected: tls.clientCertificates optional or"
              + " required)",
          "auth.certificates.enabled",
          "tls.clientCertificates");
    }
    checks.taken(
        () -> {
          var unused = config.auth().certificates().settings();
        },
        "auth.certificates.roles",
        "auth.certificates.user");
  }

  /** Whether it says only what holds anyway. */
  private boolean asPreset(String path) {
    return config.text(path).equals(Config.preset(config.preset()).text(path));
  }

  private void rules() {
    checks.taken(() -> config.access().accessRules(), "access.rankedRoles", "access.rules");
    List<RuleOptions> rules = config.access().rules();
    for (String path : List.of("admin.open", "admin.roles")) {
      if (rules != null && checks.said(path) && !asPreset(path)) {
        checks.warning("does nothing: access.rules say who may administer", path);
      }
    }
    if (rules == null) {
      if (!config.access().rankedRoles().isEmpty()) {
        checks.warning("does nothing without access.rules", "access.rankedRoles");
      }
    } else if (!config.auth().possible() && rules.stream().noneMatch(RuleOptions::anyone)) {
      checks.warning(
          "nobody has a name or a role, and no rule is about everybody: nothing is allowed",
          "access.rules",
          "auth.anonymous");
    }
  }

  private static String atMost(Duration time, String path, Duration most) {
    return Durations.write(time)
        + " (expected: at most "
        + path
        + ", "
        + Durations.write(most)
        + ")";
  }
}
