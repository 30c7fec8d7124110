package dev.everwire.auth;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the claims of a token that is signed rightly mean: who, for how long, or why not. Pure.
 *
 * <p>That a token is brought again is no fault: it names its user until it expires or is revoked.
 */
final class TokenRules {
  /** What came of it. */
  sealed interface Result {
    record Good(Principal principal) implements Result {}

    /**
     * @param why for logs and for who inspects, not for who sent it
     */
    record Bad(Reason reason, String why) implements Result {}
  }

  private static final long LAST_SECOND = 253_402_300_799L; // the year 9999
  private static final int LONGEST_NUMBER = 32;

  private TokenRules() {}

  static Result check(RawJson claims, JwtSettings settings, Instant now) {
    try {
      return check(claims.members(), settings, now);
    } catch (JsonException | IllegalArgumentException e) {
      return bad(String.valueOf(e.getMessage()));
    }
  }

  private static Result check(JsonMembers claims, JwtSettings settings, Instant now) {
    Duration skew = settings.clockSkew();
    Instant expires = instant(claims, "exp");
    Instant begins = instant(claims, "nbf");
    Instant issued = instant(claims, "iat");
    if (expires == null && settings.expiryRequired()) {
      return bad("exp: missing");
    }
    String issuer = text(claims, "iss");
    if (!settings.issuers().isEmpty() && (issuer == null || !settings.issuers().contains(issuer))) {
      return bad("iss: missing, or of somebody else");
    }
    if (!settings.audiences().isEmpty()
        && audiences(claims).stream().noneMatch(settings.audiences()::contains)) {
      return bad("aud: missing, or somebody else");
    }
    if (begins != null && now.isBefore(begins.minus(skew))) {
      return bad("nbf: not valid yet");
    }
    if (issued != null && now.isBefore(issued.minus(skew))) {
      return bad("iat: in the future");
    }
    Instant until = expires == null ? null : expires.plus(skew);
    if (until != null && !now.isBefore(until)) {
      return new Result.Bad(Reason.EXPIRED, "exp: over");
    }
    String user = text(claims, settings.userClaim());
    if (user == null) {
      return bad(settings.userClaim() + ": missing");
    }
    return new Result.Good(
        new Principal(
            user,
            text(claims, settings.tenantClaim()),
            names(claims, settings.rolesClaim()),
            names(claims, settings.permissionsClaim()),
            "jwt",
            text(claims, "jti"),
            issued,
            until));
  }

  /**
   * A moment in seconds since 1970 (RFC 7519, NumericDate), which may have a fraction.
   *
   * @throws JsonException if it is something else, or beyond the years 1970-9999
   */
  static @Nullable Instant instant(JsonMembers claims, String name) {
    RawJson value = claims.get(name);
    if (value == null) {
      return null;
    }
    if (value.kind() != RawJson.Kind.NUMBER || value.length() > LONGEST_NUMBER) {
      throw new JsonException(name + ": expected a number of seconds");
    }
    double seconds = Double.parseDouble(value.toString());
    if (!(seconds >= 0 && seconds <= LAST_SECOND)) {
      throw new JsonException(name + ": expected a time in the years 1970-9999");
    }
    return Instant.ofEpochMilli((long) (seconds * 1000));
  }

  /** One text, or several. */
  static List<String> audiences(JsonMembers claims) {
    RawJson value = claims.get("aud");
    if (value == null) {
      return List.of();
    }
    return value.kind() == RawJson.Kind.STRING
        ? List.of(value.asString())
        : value.elements().stream().map(RawJson::asString).toList();
  }

  private static Set<String> names(JsonMembers claims, String path) {
    RawJson value = find(claims, path);
    Set<String> names = new LinkedHashSet<>();
    if (value == null) {
      return names;
    }
    if (value.kind() == RawJson.Kind.STRING) {
      names.addAll(List.of(whole(path, value.asString()).split(" ", -1)));
    } else {
      value.elements().forEach(element -> names.add(whole(path, element.asString())));
    }
    names.remove("");
    return names;
  }

  private static @Nullable String text(JsonMembers claims, String path) {
    RawJson value = find(claims, path);
    return value == null ? null : whole(path, value.asString());
  }

  /** The claim of that name, else the one at that path: a name may have dots in it as well. */
  private static @Nullable RawJson find(JsonMembers claims, String path) {
    RawJson value = claims.get(path);
    if (value != null) {
      return value;
    }
    int dot = path.indexOf('.');
    if (dot < 0) {
      return null;
    }
    RawJson outer = claims.get(path.substring(0, dot));
    return outer == null || outer.kind() != RawJson.Kind.OBJECT
        ? null
        : find(outer.members(), path.substring(dot + 1));
  }

  /** Half a character is no name: it would look like another one where it is written out. */
  private static String whole(String name, String text) {
    if (text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw new JsonException(name + ": expected whole characters");
    }
    return text;
  }

  private static Result.Bad bad(String why) {
    return new Result.Bad(Reason.INVALID, why);
  }
}
