package dev.everwire.auth;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client certificate says of its owner, and what that one may claim to be. Immutable. */
public final class CertificateSettings {
  /** Where a name stands in a certificate. */
  public enum Name {
    /** CN of the subject. */
    COMMON_NAME,
    /** O of the subject. */
    ORGANIZATION,
    /** OU of the subject. */
    ORGANIZATIONAL_UNIT,
    /** The URI among the subject's alternative names; a SPIFFE id for instance. */
    SAN_URI,
    /** The DNS name among the subject's alternative names. */
    SAN_DNS,
    /** The e-mail address among the subject's alternative names. */
    SAN_EMAIL
  }

  private final Name user;
  private final @Nullable Name tenant;
  private final Set<String> rolesOfAll;
  private final Set<String> permissionsOfAll;
  private final Map<String, Set<String>> roles;

  private CertificateSettings(Builder from) {
    this.user = from.user;
    this.tenant = from.tenant;
    this.rolesOfAll = from.rolesOfAll;
    this.permissionsOfAll = from.permissionsOfAll;
    this.roles = Map.copyOf(from.roles);
  }

  public static Builder builder() {
    return new Builder();
  }

  public Name user() {
    return user;
  }

  /** Null: nobody has a tenant. */
  public @Nullable Name tenant() {
    return tenant;
  }

  public Set<String> rolesOfAll() {
    return rolesOfAll;
  }

  public Set<String> permissionsOfAll() {
    return permissionsOfAll;
  }

  /** What a user has beyond {@link #rolesOfAll()}. */
  public Set<String> roles(String userName) {
    return roles.getOrDefault(userName, Set.of());
  }

  /** One thread at a time. */
  public static final class Builder {
    private static final int MOST_USERS = 100_000;

    private Name user = Name.COMMON_NAME;
    private @Nullable Name tenant;
    private Set<String> rolesOfAll = Set.of();
    private Set<String> permissionsOfAll = Set.of();
    private final Map<String, Set<String>> roles = new HashMap<>();

    private Builder() {}

    /** Which name is the user. Default the subject's common name. */
    public Builder user(Name name) {
      user = name;
      return this;
    }

    /** Which name is the tenant; null, the default, for none. */
    public Builder tenant(@Nullable Name name) {
      tenant = name;
      return this;
    }

    /** What everybody has whom the authority certified. */
    public Builder rolesOfAll(Set<String> names) {
      rolesOfAll = Set.copyOf(names);
      return this;
    }

    /** What everybody has whom the authority certified. */
    public Builder permissionsOfAll(Set<String> names) {
      permissionsOfAll = Set.copyOf(names);
      return this;
    }

    /** What one user has besides, by exactly its name. */
    public Builder roles(String userName, Set<String> names) {
      if (roles.size() == MOST_USERS) {
        throw new IllegalArgumentException("roles: more than " + MOST_USERS + " users");
      }
      roles.put(Bounds.name("roles", userName), Set.copyOf(names));
      return this;
    }

    public CertificateSettings build() {
      return new CertificateSettings(this);
    }
  }
}
