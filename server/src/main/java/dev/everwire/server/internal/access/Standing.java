package dev.everwire.server.internal.access;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.server.access.Authentication;
import dev.everwire.session.Exposed;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Doorkeeper;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who the peer of one connection is, as far as it has shown that, and until when. On the
 * connection's loop, except where a method says otherwise.
 */
public final class Standing implements Doorkeeper {

  /** The connection that this is about. On its loop. */
  public interface Lodger {
    Loop loop();

    boolean open();

    void close(int code, String reason);

    String path();

    String remoteAddress();

    /** See {@link dev.everwire.session.transport.Transport#limitMessages}. */
    void limitMessages(int maxBytes);

    /** What it showed ends soon: it may show something newer. */
    void expiring(Duration in);
  }

  private static final int PATIENCE = 16; // calls that are refused before the connection is
  private static final int STRANGERS_BYTES = 64 * 1024; // a message, until it is known who sends it
  private static final Duration FOREVER = Duration.ofDays(36_500);
  private static final Duration LONGEST_WAIT = Duration.ofDays(1); // the wall clock may be set

  private final Authentications authentications;
  private final Permissions permissions;
  private final Lodger lodger;
  private volatile @Nullable Proof proof; // null if it is not known; written on the loop
  private @Nullable Credentials credentials; // of the handshake; null once there is nothing in them
  private Loop.@Nullable Timer timer;
  private @Nullable Instant warnAt; // null once told, and if there is nothing to tell
  private int refused;
  private boolean asking; // rpc.auth is under way
  private @Nullable Turnstile turnstile; // once something took time to decide

  public Standing(
      Authentications authentications, Permissions permissions, Lodger lodger, Pass pass) {
    this.authentications = authentications;
    this.permissions = permissions;
    this.lodger = lodger;
    Credentials brought = pass.credentials();
    Principal principal = pass.principal();
    this.proof =
        principal == null ? null : Proof.of(principal, brought == null ? null : brought.token());
    this.credentials = brought == null || principal == null ? brought : worthKeeping(brought);
  }

  private static @Nullable Credentials worthKeeping(Credentials seen) {
    return seen.certificates().isEmpty() ? null : seen.bare();
  }

  /** Null for a connection that was not accepted by a server. Safe from any thread. */
  public static @Nullable Standing of(Connection connection) {
    return connection.doorkeeper() instanceof Standing standing ? standing : null;
  }

  /** Null until the peer has shown who it is. Safe from any thread. */
  public @Nullable Principal principal() {
    Proof shown = proof;
    return shown == null ? null : shown.principal();
  }

  /** As {@link #principal}, and how that was shown. Safe from any thread. */
  public @Nullable Proof proof() {
    return proof;
  }

  @Override
  public Set<String> roles() {
    Principal principal = principal();
    return principal == null ? Set.of() : principal.roles();
  }

  /** What came with the handshake; without what was looked at. */
  public Credentials credentials() {
    return credentials == null
        ? new Credentials(
            Credentials.Occasion.HANDSHAKE,
            lodger.path(),
            lodger.remoteAddress(),
            null,
            Map.of(),
            List.of())
        : credentials;
  }

  // ---- its beginning, its end

  /** The connection is in place. */
  public void begin() {
    Principal principal = principal();
    if (principal == null) {
      lodger.limitMessages(STRANGERS_BYTES);
      Duration within = authentications.terms().within();
      timer =
          lodger
              .loop()
              .schedule(
                  within.toNanos(),
                  () -> close(CloseCode.HELLO_TIMEOUT, "not authenticated in time"));
    } else if (authentications.revocations().revoked(principal)) { // since it was let in
      close(CloseCode.UNAUTHENTICATED, "revoked");
    } else {
      expect(principal);
    }
  }

  /** It is known who the peer is, or that it is the same for longer. */
  public void become(Proof shown) {
    boolean stranger = proof == null;
    proof = shown;
    refused = 0;
    if (credentials != null) {
      credentials = worthKeeping(credentials);
    }
    if (!lodger.open()) {
      return;
    }
    if (stranger) {
      lodger.limitMessages(Integer.MAX_VALUE);
    }
    if (authentications.revocations().revoked(shown.principal())) { // while it was looked at
      close(CloseCode.UNAUTHENTICATED, "revoked");
    } else {
      expect(shown.principal());
    }
  }

  /** The connection has ended. */
  public void ended() {
    stop();
  }

  private void close(CloseCode code, String reason) {
    lodger.close(code.value(), reason);
  }

  private void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  // ---- the end of a token

  private void expect(Principal principal) {
    Instant end = principal.expiresAt();
    warnAt = null;
    stop();
    if (end == null || end.isAfter(lodger.loop().wallTime().plus(FOREVER))) {
      return;
    }
    Authentication terms = authentications.terms();
    Instant now = lodger.loop().wallTime();
    Duration half = Duration.between(now, end).dividedBy(2);
    Duration ahead = terms.warnAhead().compareTo(half) < 0 ? terms.warnAhead() : half;
    warnAt = ahead.isZero() ? null : end.minus(ahead.isNegative() ? Duration.ZERO : ahead);
    watch(now);
  }

  private void watch(Instant now) {
    Principal principal = principal();
    Instant end = principal == null ? null : principal.expiresAt();
    if (end == null) {
      return;
    }
    Instant next = warnAt == null ? end.plus(authentications.terms().grace()) : warnAt;
    Duration wait = Duration.between(now, next);
    Duration bounded = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    timer = lodger.loop().schedule(bounded.toNanos(), () -> due(end));
  }

  private void due(Instant end) {
    Instant now = lodger.loop().wallTime();
    if (!now.isBefore(end.plus(authentications.terms().grace()))) {
      close(CloseCode.TOKEN_EXPIRED, "token expired");
      return;
    }
    if (warnAt != null && !now.isBefore(warnAt)) {
      warnAt = null;
      Duration left = Duration.between(now, end);
      lodger.expiring(left.isNegative() ? Duration.ZERO : left);
    }
    watch(now);
  }

  /** Seconds until what was shown ends, at least 1; 0 if it does not, or has. */
  public static long expiresIn(@Nullable Principal principal, Instant now) {
    Instant end = principal == null ? null : principal.expiresAt();
    if (end == null || !now.isBefore(end)) {
      return 0;
    }
    return Math.max(1, Duration.between(now, end).toSeconds());
  }

  // ---- what it may do

  @Override
  public boolean open(Exposed method) {
    return proof != null && permissions.open(method);
  }

  @Override
  public void ask(
      Connection connection, InboundCall call, Exposed method, Consumer<@Nullable Fault> go) {
    Principal principal = principal();
    if (principal == null) {
      missed();
      go.accept(Refusals.UNAUTHENTICATED);
    } else if (!lodger.open() && !authentications.holds(principal, lodger.loop().wallTime())) {
      go.accept(Refusals.UNAUTHENTICATED); // it waited longer than its token
    } else {
      permissions.call(connection, call, method, go);
    }
  }

  /** Whether nothing of the peer's waits for what came before it. */
  boolean free() {
    return turnstile == null || turnstile.free();
  }

  /** Made when it is needed for the first time. */
  Turnstile turnstile(Supplier<Turnstile> made) {
    Turnstile known = turnstile == null ? made.get() : turnstile;
    turnstile = known;
    return known;
  }

  @Override
  public @Nullable Fault refusesUnknown() {
    if (principal() != null) {
      return null;
    }
    missed();
    return Refusals.UNAUTHENTICATED;
  }

  /** Refuses a call of who has not shown who it is. False if it has. */
  public boolean refuses(InboundCall call) {
    if (principal() != null) {
      return false;
    }
    call.refuse(Refusals.UNAUTHENTICATED);
    missed();
    return true;
  }

  /** A token or a password was wrong, or there was none where one is needed. */
  public void missed() {
    if (++refused == PATIENCE) {
      close(CloseCode.UNAUTHENTICATED, "not authenticated");
    }
  }

  /** Whether {@code rpc.auth} may be looked at: one at a time. */
  public boolean asks() {
    if (asking) {
      return false;
    }
    asking = true;
    return true;
  }

  /** It was looked at. */
  public void asked() {
    asking = false;
  }
}
