package dev.everwire.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tokens are good, and what their claims are named. Immutable; holds secrets, shows none. */
public final class JwtSettings {
  private static final int MOST_SOURCES = 16;
  private static final Duration MOST_SKEW = Duration.ofMinutes(5);

  private final List<JwtKeys> keys;
  private final Set<String> issuers;
  private final Set<String> audiences;
  private final Duration clockSkew;
  private final boolean expiryRequired;
  private final @Nullable String type;
  private final String userClaim;
  private final String tenantClaim;
  private final String rolesClaim;
  private final String permissionsClaim;
  private final int longestToken;

  private JwtSettings(Builder from) {
    this.keys = List.copyOf(from.keys);
    this.issuers = Set.copyOf(from.issuers);
    this.audiences = Set.copyOf(from.audiences);
    this.clockSkew = from.clockSkew;
    this.expiryRequired = from.expiryRequired;
    this.type = from.type;
    this.userClaim = from.userClaim;
    this.tenantClaim = from.tenantClaim;
    this.rolesClaim = from.rolesClaim;
    this.permissionsClaim = from.permissionsClaim;
    this.longestToken = from.longestToken;
  }

  public static Builder builder() {
    return new Builder();
  }

  public List<JwtKeys> keys() {
    return keys;
  }

  /** Empty: any. */
  public Set<String> issuers() {
    return issuers;
  }

  /** Empty: any. */
  public Set<String> audiences() {
    return audiences;
  }

  public Duration clockSkew() {
    return clockSkew;
  }

  public boolean expiryRequired() {
    return expiryRequired;
  }

  /** Null: any of none, {@code JWT} and {@code at+jwt}. */
  public @Nullable String type() {
    return type;
  }

  public String userClaim() {
    return userClaim;
  }

  public String tenantClaim() {
    return tenantClaim;
  }

  public String rolesClaim() {
    return rolesClaim;
  }

  public String permissionsClaim() {
    return permissionsClaim;
  }

  public int longestToken() {
    return longestToken;
  }

  @Override
  public String toString() {
    return "JwtSettings[keys=" + keys + " issuers=" + issuers + " audiences=" + audiences + "]";
  }

  /** One thread at a time. Each value is checked where it is given, all together by the end. */
  public static final class Builder {
    private final List<JwtKeys> keys = new ArrayList<>();
    private final Set<String> issuers = new LinkedHashSet<>();
    private final Set<String> audiences = new LinkedHashSet<>();
    private boolean anyIssuer;
    private boolean anyAudience;
    private Duration clockSkew = Duration.ofSeconds(30);
    private boolean expiryRequired = true;
    private @Nullable String type;
    private String userClaim = "sub";
    private String tenantClaim = "tenant";
    private String rolesClaim = "roles";
    private String permissionsClaim = "scope";
    private int longestToken = 16 * 1024;

    private Builder() {}

    /** Adds sources of keys; 1–16 in all. Several are for rotation, or for several issuers. */
    public Builder keys(JwtKeys... more) {
      keys.addAll(Arrays.asList(more));
      return this;
    }

    /** Adds values of {@code iss}; a token has to have one of them. */
    public Builder issuers(String... more) {
      for (String issuer : more) {
        issuers.add(Bounds.name("issuers", issuer));
      }
      return this;
    }

    /** Whoever has the key may issue. Right where the key is nobody else's. */
    public Builder anyIssuer() {
      anyIssuer = true;
      return this;
    }

    /** Adds values of {@code aud}; a token has to have one of them. */
    public Builder audiences(String... more) {
      for (String audience : more) {
        audiences.add(Bounds.name("audiences", audience));
      }
      return this;
    }

    /** Tokens that the issuer made for other services come in as well. */
    public Builder anyAudience() {
      anyAudience = true;
      return this;
    }

    /** How far the issuer's clock may be off. 0 – 5 min, default 30 s. */
    public Builder clockSkew(Duration skew) {
      Bounds.check("clockSkew", skew, Duration.ZERO, MOST_SKEW);
      clockSkew = skew;
      return this;
    }

    /** Whether a token has to say when it expires. Default true. */
    public Builder expiryRequired(boolean required) {
      expiryRequired = required;
      return this;
    }

    /**
     * What {@code typ} has to be, upper and lower case alike; null, the default, for any of none,
     * {@code JWT} and {@code at+jwt}.
     */
    public Builder type(@Nullable String required) {
      type = required == null ? null : Bounds.name("type", required);
      return this;
    }

    /** The claim that is the user; {@code a.b} is b in a. Default {@code sub}. */
    public Builder userClaim(String name) {
      userClaim = Bounds.name("userClaim", name);
      return this;
    }

    /** The claim that is the tenant, which a token need not have. Default {@code tenant}. */
    public Builder tenantClaim(String name) {
      tenantClaim = Bounds.name("tenantClaim", name);
      return this;
    }

    /**
     * The claim that has the roles, an array or a text with spaces between them; {@code
     * realm_access.roles} for instance. Default {@code roles}.
     */
    public Builder rolesClaim(String name) {
      rolesClaim = Bounds.name("rolesClaim", name);
      return this;
    }

    /** The claim that has the permissions, as with roles. Default {@code scope}. */
    public Builder permissionsClaim(String name) {
      permissionsClaim = Bounds.name("permissionsClaim", name);
      return this;
    }

    /** In characters. 256 – 65536, default 16384. A longer one is refused unread. */
    public Builder longestToken(int characters) {
      Bounds.check("longestToken", characters, 256, 65_536);
      longestToken = characters;
      return this;
    }

    /**
     * @throws IllegalArgumentException if there is no key, or nothing was said of issuer or
     *     audience
     */
    public JwtSettings build() {
      if (keys.isEmpty() || keys.size() > MOST_SOURCES) {
        throw new IllegalArgumentException(
            "keys: " + keys.size() + " sources (expected: 1-" + MOST_SOURCES + ")");
      }
      if (issuers.isEmpty() != anyIssuer) {
        throw new IllegalArgumentException(
            "issuers: " + issuers + " (expected: one or more, or anyIssuer)");
      }
      if (audiences.isEmpty() != anyAudience) {
        throw new IllegalArgumentException(
            "audiences: " + audiences + " (expected: one or more, or anyAudience)");
      }
      return new JwtSettings(this);
    }
  }
}
