package dev.everwire.config.section;

import dev.everwire.auth.ApiKey;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An API key as it is kept, and who it stands for. Immutable. */
public record ApiKeyOptions(
    @Doc("The hash that everwire token api-key prints, id:sha256:SALT:HASH; not the key itself.")
        String hash,
    @Doc("Who it stands for.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        String user,
    @Doc("Whom the user belongs to.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        @Nullable String tenant,
    @Doc("Roles of the user.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        List<String> roles,
    @Doc("Permissions of the user.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        List<String> permissions,
    @Doc("When it was made.") @Nullable Instant issuedAt,
    @Doc("When it ends.") @Nullable Instant expiresAt) {
  public ApiKeyOptions {
    roles = List.copyOf(roles);
    permissions = List.copyOf(permissions);
  }

  /**
   * @throws IllegalArgumentException if the hash is none
   */
  public ApiKey key() {
    return ApiKey.of(hash, user)
        .withTenant(tenant)
        .withRoles(Set.copyOf(roles))
        .withPermissions(Set.copyOf(permissions))
        .withIssuedAt(issuedAt)
        .withExpiresAt(expiresAt);
  }
}
