package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import dev.everwire.config.word.Range;
import dev.everwire.server.access.Authentication;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the server finds out who connects. Immutable. */
public record AuthOptions(
    @Doc("Whether who shows nothing is let in as nobody in particular.") boolean anonymous,
    @Doc("How long a connection may stay without having shown who it is.")
        @Range(min = "1s", max = "5m")
        Duration within,
    @Doc("How long before a token ends its session is told.") @Range(min = "0s", max = "1h")
        Duration warnAhead,
    @Doc("How long a connection stays beyond its token, so that a late renewal costs nothing.")
        @Range(min = "0s", max = "1h")
        Duration grace,
    @Doc("How long finding out may take.") @Range(min = "100ms", max = "60s") Duration answerWithin,
    @Doc("Parameter of the URL that may hold a token; none, because URLs end up in logs.")
        @Form(pattern = "[A-Za-z0-9_.-]{1,64}", expected = "1 to 64 of A-Z a-z 0-9 _ . -")
        @Nullable String queryParameter,
    @Doc("Signed tokens.") JwtOptions jwt,
    @Doc("API keys, as bearer tokens or in the header X-API-Key.") List<ApiKeyOptions> apiKeys,
    @Doc("Client certificates as credentials.") CertificateOptions certificates) {
  /** Everybody is anonymous. */
  public static final AuthOptions DEFAULT =
      new AuthOptions(
          Authentication.NONE.anonymous(),
          Authentication.NONE.within(),
          Authentication.NONE.warnAhead(),
          Authentication.NONE.grace(),
          Authentication.NONE.answerWithin(),
          Authentication.NONE.queryParameter(),
          JwtOptions.DEFAULT,
          List.of(),
          CertificateOptions.DEFAULT);

  public AuthOptions {
    apiKeys = List.copyOf(apiKeys);
  }

  /** Whether there is anything that somebody could show who they are with. */
  public boolean possible() {
    return !jwt.keys().isEmpty() || !apiKeys.isEmpty() || certificates.enabled();
  }
}
