package dev.everwire.server.internal.access;

import dev.everwire.server.access.AuditEvent;
import dev.everwire.spi.auth.Revocation;
import java.lang.System.Logger.Level;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log: a word and {@code key=value} fields. Whatever a peer puts into a value
 * stays in that value: it is cut, and what could end it, the line or its reader's patience is
 * escaped.
 */
final class AuditLine {
  private static final int LONGEST = 256;

  private final StringBuilder line;

  private AuditLine(String event) {
    line = new StringBuilder(event);
  }

  static Level level(AuditEvent event) {
    return switch (event) {
      case AuditEvent.Authenticated authenticated -> Level.DEBUG;
      case AuditEvent.Administered(var who, var what, var detail, boolean acts) ->
          acts ? Level.INFO : Level.DEBUG;
      case AuditEvent.Revoked revoked -> Level.INFO;
      case AuditEvent.SubscriptionEnded ended -> Level.INFO;
      case AuditEvent.AuthenticationFailed failed -> Level.WARNING;
      case AuditEvent.Denied denied -> Level.WARNING;
      case AuditEvent.Suppressed suppressed -> Level.WARNING;
    };
  }

  static String of(AuditEvent event) {
    return switch (event) {
      case AuditEvent.Authenticated(var who, var occasion, var method) ->
          new AuditLine("authenticated").put("on", word(occasion)).put("method", method).by(who);
      case AuditEvent.AuthenticationFailed(var who, var occasion, var reason) ->
          new AuditLine("authentication-failed")
              .put("on", word(occasion))
              .put("reason", reason)
              .by(who);
      case AuditEvent.Denied(var who, var action, var resource, var reason) ->
          new AuditLine("denied")
              .put("action", word(action))
              .put("resource", resource)
              .put("reason", reason)
              .by(who);
      case AuditEvent.SubscriptionEnded(var who, var topic, var reason) ->
          new AuditLine("subscription-ended").put("topic", topic).put("reason", reason).by(who);
      case AuditEvent.Administered(var who, var what, var detail, var acts) ->
          new AuditLine(acts ? "administered" : "inspected")
              .put("what", what)
              .put("detail", detail.isEmpty() ? null : detail)
              .by(who);
      case AuditEvent.Revoked(var who, var what, int connections) ->
          new AuditLine("revoked")
              .revoked(what)
              .put("connections", Integer.toString(connections))
              .by(who);
      case AuditEvent.Suppressed(var kind, long count) ->
          new AuditLine(kind).put("suppressed", Long.toString(count)).line.toString();
    };
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private AuditLine revoked(Revocation what) {
    return switch (what) {
      case Revocation.Token(String tokenId) -> put("token-id", tokenId);
      case Revocation.Session(String sessionId) -> put("revoked-session", sessionId);
      case Revocation.User(String user, var before) ->
          put("revoked-user", user).put("before", before.toString());
    };
  }

  private String by(AuditEvent.Actor who) {
    return put("user", who.user())
        .put("tenant", who.tenant())
        .put("connection", who.connection())
        .put("session", who.session())
        .put("remote", who.remote())
        .line
        .toString();
  }

  private AuditLine put(String key, @Nullable String value) {
    if (value != null) {
      line.append(' ').append(key).append('=');
      if (plain(value)) {
        line.append(value);
      } else {
        quoted(value);
      }
    }
    return this;
  }

  private static boolean plain(String value) {
    return !value.isEmpty()
        && value.length() <= LONGEST
        && value.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '=');
  }

  private void quoted(String value) {
    line.append('"');
    int end = Math.min(value.length(), LONGEST);
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (readable(c)) {
        line.append(c);
      } else {
        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    line.append(end < value.length() ? "…\"" : "\"");
  }

  /** Not what moves the cursor, ends a line, is not seen or turns the direction of writing. */
  private static boolean readable(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
