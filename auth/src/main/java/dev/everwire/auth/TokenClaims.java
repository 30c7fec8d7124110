package dev.everwire.auth;

import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a token for development says, under the names that {@link JwtSettings} expects unless told
 * otherwise. Immutable.
 */
public final class TokenClaims {
  private final Builder from;

  private TokenClaims(Builder from) {
    this.from = from;
  }

  /**
   * @param user 1–256 characters
   */
  public static Builder of(String user) {
    return new Builder(Bounds.name("user", user));
  }

  /** Times are in whole seconds. */
  public RawJson toJson() {
    JsonWriter out = new JsonWriter().beginObject();
    text(out, "iss", from.issuer);
    out.name("sub").value(from.user);
    if (from.audiences.size() == 1) {
      out.name("aud").value(from.audiences.get(0));
    } else {
      list(out, "aud", from.audiences);
    }
    text(out, "tenant", from.tenant);
    list(out, "roles", from.roles);
    if (!from.permissions.isEmpty()) {
      out.name("scope").value(String.join(" ", from.permissions));
    }
    moment(out, "iat", from.issuedAt);
    moment(out, "nbf", from.notBefore);
    moment(out, "exp", from.expiresAt);
    text(out, "jti", from.id);
    return out.endObject().toRawJson();
  }

  private static void text(JsonWriter out, String name, @Nullable String value) {
    if (value != null) {
      out.name(name).value(value);
    }
  }

  private static void list(JsonWriter out, String name, List<String> values) {
    if (!values.isEmpty()) {
      out.name(name).beginArray();
      values.forEach(out::value);
      out.endArray();
    }
  }

  private static void moment(JsonWriter out, String name, @Nullable Instant value) {
    if (value != null) {
      out.name(name).value(value.getEpochSecond());
    }
  }

  /** One thread at a time; what it has built is not changed by it any more. */
  public static final class Builder {
    private final String user;
    private @Nullable String issuer;
    private @Nullable String tenant;
    private @Nullable String id;
    private List<String> audiences = List.of();
    private List<String> roles = List.of();
    private List<String> permissions = List.of();
    private @Nullable Instant issuedAt;
    private @Nullable Instant notBefore;
    private @Nullable Instant expiresAt;

    private Builder(String user) {
      this.user = user;
    }

    private Builder(Builder other) {
      this.user = other.user;
      this.issuer = other.issuer;
      this.tenant = other.tenant;
      this.id = other.id;
      this.audiences = other.audiences;
      this.roles = other.roles;
      this.permissions = other.permissions;
      this.issuedAt = other.issuedAt;
      this.notBefore = other.notBefore;
      this.expiresAt = other.expiresAt;
    }

    public Builder issuer(String name) {
      issuer = Bounds.name("issuer", name);
      return this;
    }

    public Builder tenant(String name) {
      tenant = Bounds.name("tenant", name);
      return this;
    }

    /** Names the token, for its revocation. */
    public Builder id(String name) {
      id = Bounds.name("id", name);
      return this;
    }

    public Builder audiences(List<String> names) {
      audiences = List.copyOf(names);
      return this;
    }

    public Builder roles(List<String> names) {
      roles = List.copyOf(names);
      return this;
    }

    /** Names without spaces. */
    public Builder permissions(List<String> names) {
      List<String> all = new ArrayList<>();
      for (String name : names) {
        if (name.isEmpty() || name.indexOf(' ') >= 0) {
          throw new IllegalArgumentException(
              "permissions: " + Arrays.asList(name) + " (expected: no spaces)");
        }
        all.add(name);
      }
      permissions = List.copyOf(all);
      return this;
    }

    public Builder issuedAt(Instant when) {
      issuedAt = when;
      return this;
    }

    public Builder notBefore(Instant when) {
      notBefore = when;
      return this;
    }

    public Builder expiresAt(Instant when) {
      expiresAt = when;
      return this;
    }

    public TokenClaims build() {
      return new TokenClaims(new Builder(this));
    }
  }
}
