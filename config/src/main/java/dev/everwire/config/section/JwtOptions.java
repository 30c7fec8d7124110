package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import dev.everwire.config.word.Range;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signed tokens (JWT). Immutable. */
public record JwtOptions(
    @Doc("Keys that tokens are verified with, at most 16; none said: no tokens.")
        List<JwtKeyOptions> keys,
    @Doc("Who may have issued tokens; * for anybody who has the key.") List<String> issuers,
    @Doc("Whom tokens must be meant for; * for anybody.") List<String> audiences,
    @Doc("How much clocks may differ.") @Range(min = "0s", max = "5m") Duration clockSkew,
    @Doc("Whether a token without an end is refused.") boolean expiryRequired,
    @Doc("The type that tokens must have; none for JWT, at+jwt or no type.") @Nullable String type,
    @Doc("The claim that names the user; a.b is within a.")
        @Form(pattern = "[^\\s]{1,200}", expected = "the name of a claim")
        String userClaim,
    @Doc("The claim that names the tenant.")
        @Form(pattern = "[^\\s]{1,200}", expected = "the name of a claim")
        String tenantClaim,
    @Doc("The claim that names the roles.")
        @Form(pattern = "[^\\s]{1,200}", expected = "the name of a claim")
        String rolesClaim,
    @Doc("The claim that names the permissions.")
        @Form(pattern = "[^\\s]{1,200}", expected = "the name of a claim")
        String permissionsClaim,
    @Doc("Longer tokens are refused, in characters.") @Range(min = "256", max = "65536")
        int longestToken) {
  /** No tokens. */
  public static final JwtOptions DEFAULT =
      new JwtOptions(
          List.of(),
          List.of(),
          List.of(),
          Duration.ofSeconds(30),
          true,
          null,
          "sub",
          "tenant",
          "roles",
          "scope",
          16_384);

  /** In a list of issuers or audiences: everybody. */
  public static final String ANY = "*";

  public JwtOptions {
    keys = List.copyOf(keys);
    issuers = List.copyOf(issuers);
    audiences = List.copyOf(audiences);
  }

  /** Whether keys are in files, which may have others in them by now. */
  public boolean readsFiles() {
    return keys.stream().anyMatch(source -> source.pem() != null || source.jwksFile() != null);
  }
}
