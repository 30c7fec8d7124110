package dev.everwire.spi.auth;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer is, as an {@link Authenticator} found out. Holds no secret. Immutable.
 *
 * @param user 1–256 printable characters; null for an anonymous one
 * @param tenant whom the user belongs to, as {@code user}; null if nobody says
 * @param roles names that access rules speak of
 * @param permissions names that access rules speak of
 * @param method how it was found out, for logs: {@code jwt}, {@code api-key}, {@code mtls}, …
 * @param tokenId names the token for its revocation, public; null if it has no name
 * @param issuedAt when the token was made; null if nobody says
 * @param expiresAt when this is no longer true unless it is renewed; null for never
 */
public record Principal(
    @Nullable String user,
    @Nullable String tenant,
    Set<String> roles,
    Set<String> permissions,
    String method,
    @Nullable String tokenId,
    @Nullable Instant issuedAt,
    @Nullable Instant expiresAt) {
  private static final int LONGEST = 256;
  private static final Principal ANONYMOUS =
      new Principal(null, null, Set.of(), Set.of(), "anonymous", null, null, null);

  /**
   * @throws IllegalArgumentException if a name is empty, too long or not printable
   */
  public Principal {
    check("user", user);
    check("tenant", tenant);
    check("tokenId", tokenId);
    Objects.requireNonNull(method);
    roles = Set.copyOf(roles);
    permissions = Set.copyOf(permissions);
  }

  /** Nobody in particular. */
  public static Principal anonymous() {
    return ANONYMOUS;
  }

  /** A user without tenant, roles, permissions or end. */
  public static Principal of(String user, String method) {
    return new Principal(user, null, Set.of(), Set.of(), method, null, null, null);
  }

  public Principal withTenant(@Nullable String newTenant) {
    return new Principal(user, newTenant, roles, permissions, method, tokenId, issuedAt, expiresAt);
  }

  public Principal withRoles(Set<String> newRoles) {
    return new Principal(user, tenant, newRoles, permissions, method, tokenId, issuedAt, expiresAt);
  }

  public Principal withPermissions(Set<String> newPermissions) {
    return new Principal(user, tenant, roles, newPermissions, method, tokenId, issuedAt, expiresAt);
  }

  /** The same, by a token of this name and time. */
  public Principal withToken(
      @Nullable String id, @Nullable Instant issued, @Nullable Instant expires) {
    return new Principal(user, tenant, roles, permissions, method, id, issued, expires);
  }

  /** Whether both are of the same user of the same tenant. */
  public boolean isSameUserAs(Principal other) {
    return Objects.equals(user, other.user) && Objects.equals(tenant, other.tenant);
  }

  /** Whether there is no user. */
  public boolean isAnonymous() {
    return user == null;
  }

  /** When this ends; empty for never. */
  public Optional<Instant> expiry() {
    return Optional.ofNullable(expiresAt);
  }

  private static void check(String what, @Nullable String value) {
    if (value != null
        && (value.isEmpty()
            || value.length() > LONGEST
            || value.chars().anyMatch(Character::isISOControl))) {
      throw new IllegalArgumentException(
          what + ": " + value.length() + " characters (expected: 1-" + LONGEST + " printable)");
    }
  }
}
