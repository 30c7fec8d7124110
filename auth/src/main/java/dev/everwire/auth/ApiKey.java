package dev.everwire.auth;

import dev.everwire.spi.auth.Principal;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is kept: a hash of its secret, and whom it stands for. The key itself cannot be
 * made of it. Immutable.
 */
public final class ApiKey {
  static final int HASH_BYTES = 32;
  static final int SALT_BYTES = 16;
  static final String METHOD = "api-key";
  static final String ID = "[A-Za-z0-9.-]{1,64}";
  private static final Pattern FORMAT =
      Pattern.compile("(" + ID + "):sha256:([A-Za-z0-9_-]{22}):([A-Za-z0-9_-]{43})");

  private final String id;
  private final String salt;
  private final byte[] saltBytes;
  private final byte[] hashBytes;
  private final Principal principal;

  private ApiKey(String id, String salt, byte[] saltBytes, byte[] hashBytes, Principal principal) {
    this.id = id;
    this.salt = salt;
    this.saltBytes = saltBytes;
    this.hashBytes = hashBytes;
    this.principal = principal;
  }

  /**
   * A key for good, of a user without tenant, roles and permissions.
   *
   * @param hash {@code id:sha256:SALT:HASH} as {@link ApiKeys#generate} makes it: 16 bytes of salt
   *     and the SHA-256 of salt and secret, in base64url
   */
  public static ApiKey of(String hash, String user) {
    Matcher parts = FORMAT.matcher(hash);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "hash: "
              + hash.length()
              + " characters (expected: id:sha256:SALT:HASH, as `everwire token api-key` prints"
              + " it)");
    }
    String id = parts.group(1);
    Principal principal = Principal.of(user, METHOD).withToken(tokenId(id), null, null);
    return new ApiKey(
        id,
        parts.group(2),
        Base64.getUrlDecoder().decode(parts.group(2)),
        Base64.getUrlDecoder().decode(parts.group(3)),
        principal);
  }

  static ApiKey of(String id, byte[] salt, byte[] hash, String user) {
    return of(id + ":sha256:" + encoded(salt) + ":" + encoded(hash), user);
  }

  public ApiKey withTenant(@Nullable String tenant) {
    return with(principal.withTenant(tenant));
  }

  public ApiKey withRoles(Set<String> roles) {
    return with(principal.withRoles(roles));
  }

  public ApiKey withPermissions(Set<String> permissions) {
    return with(principal.withPermissions(permissions));
  }

  /**
   * When it was made. A user whose tokens are revoked as of a moment loses the keys made before it,
   * and those that do not say.
   */
  public ApiKey withIssuedAt(@Nullable Instant issuedAt) {
    return with(principal.withToken(principal.tokenId(), issuedAt, principal.expiresAt()));
  }

  public ApiKey withExpiresAt(@Nullable Instant expiresAt) {
    return with(principal.withToken(principal.tokenId(), principal.issuedAt(), expiresAt));
  }

  /** Public: it stands in the key, in logs, and in {@link #principal()} as the token's name. */
  public String id() {
    return id;
  }

  /** As {@link #of(String, String)} takes it. */
  public String hash() {
    return id + ":sha256:" + salt + ":" + encoded(hashBytes);
  }

  /** Whom the key stands for; its {@code tokenId} is {@code ewk_} and the id. */
  public Principal principal() {
    return principal;
  }

  byte[] saltBytes() {
    return saltBytes;
  }

  byte[] hashBytes() {
    return hashBytes;
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return "ApiKey[" + id + " user=" + principal.user() + "]";
  }

  static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private ApiKey with(Principal changed) {
    return new ApiKey(id, salt, saltBytes, hashBytes, changed);
  }

  private static String tokenId(String id) {
    return ApiKeys.PREFIX + id;
  }
}
