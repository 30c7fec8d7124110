package dev.everwire.server.internal.session;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.internal.RandomText;
import dev.everwire.server.internal.access.Proof;
import dev.everwire.server.internal.access.Refusals;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.access.TokenPrint;
import dev.everwire.server.internal.registry.Claim;
import dev.everwire.server.internal.registry.SessionIdentity;
import dev.everwire.server.internal.resume.Claims;
import dev.everwire.server.internal.resume.Verdict;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.KeptSession;
import dev.everwire.session.internal.PeerProfile;
import dev.everwire.session.internal.rpc.CallBook;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One hello, from its arrival to its answer. On the connection's loop. */
final class Introduction {
  private static final int SESSION_LENGTH = 16;
  private static final long LATER_MILLIS = 1_000;
  private static final String LOST = "lost";
  private static final String REPLACED = "replaced";

  private final HelloMethod.Help help;
  private final Connection connection;
  private final InboundCall call;
  private final Hello hello;
  private final PeerProfile profile;
  private final @Nullable String clientId; // as the handshake said it, else this hello
  private @Nullable Proof shown; // who says hello, once that is settled

  Introduction(HelloMethod.Help help, Connection connection, InboundCall call, Hello hello) {
    this.help = help;
    this.connection = connection;
    this.call = call;
    this.hello = hello;
    this.profile =
        PeerProfile.of(hello.caps(), hello.limits())
            .agent(help.agents().of(hello.clientName(), hello.clientVersion()));
    String given = help.desk().clientId(connection);
    this.clientId = given == null ? hello.clientId() : given;
  }

  // ---- the session that was

  void resume(Hello.Resume resume) {
    connection.tenure().hold(true);
    NonceWait.on(
        connection.loop(),
        help.tokens()
            .accept(
                resume.token(),
                connection.user().orElse(null),
                clientId,
                connection.loop().wallTime()),
        this::judged);
  }

  private void judged(Verdict verdict) {
    switch (verdict) {
      case Verdict.Refused(Verdict.Kind kind) when kind == Verdict.Kind.UNAVAILABLE ->
          refuse( // a fresh session would cost the client the one that it has
              Fault.of(FaultCode.OVERLOADED, "the session cannot be looked up now")
                  .retryAfterMillis(LATER_MILLIS));
      case Verdict.Refused(Verdict.Kind kind) -> begin(kind.reason(), null);
      case Verdict.Accepted(Claims claims) -> {
        Session session = help.sessions().find(claims.session());
        if (session == null) {
          begin(LOST, claims);
        } else if (!sameTenant(session)) {
          begin(Verdict.Kind.USER_CHANGED.reason(), null);
        } else {
          prove(session, claims);
        }
      }
    }
  }

  /** The session says who the client is, unless what the client brought says something newer. */
  private void prove(Session session, Claims claims) {
    Standing standing = Standing.of(connection);
    Identities identities = help.identities();
    if (standing == null || !identities.asks()) {
      take(session, claims);
      return;
    }
    Proof known = enough(standing.proof());
    Proof kept = enough(session.proof());
    Credentials brought = identities.brought(standing, hello);
    boolean same =
        brought == null
            || (kept != null && TokenPrint.same(kept.print(), TokenPrint.of(brought.token())));
    if (hello.token() == null && known != null && !known.principal().isAnonymous()) {
      shown = known; // by the handshake
      takeIfSame(session, claims, known.principal());
    } else if (same && kept != null && identities.holds(kept, connection)) {
      shown = kept;
      take(session, claims);
    } else if (brought == null && session.proof() != null) {
      if (kept == null) {
        refuse(Refusals.UNAUTHENTICATED);
      } else {
        refuse(Fault.of(FaultCode.TOKEN_EXPIRED, "a newer token is needed"));
        connection.close(CloseCode.TOKEN_EXPIRED, "token expired");
      }
    } else {
      identities.prove(
          connection,
          call,
          hello,
          this::unproven,
          proof -> {
            shown = proof;
            takeIfSame(session, claims, proof.principal());
          });
    }
  }

  private @Nullable Proof enough(@Nullable Proof proof) {
    return proof != null && help.identities().enough(proof) ? proof : null;
  }

  private void takeIfSame(Session session, Claims claims, Principal principal) {
    Proof kept = session.proof();
    boolean same =
        kept == null
            ? Objects.equals(principal.user(), session.user())
                && Objects.equals(principal.tenant(), session.tenant())
            : kept.principal().isSameUserAs(principal);
    if (same) {
      take(session, claims);
    } else {
      begin(Verdict.Kind.USER_CHANGED.reason(), null);
    }
  }

  /** Who a session is of, as far as that is known. */
  private static @Nullable String userOf(Session session) {
    Proof kept = session.proof();
    return session.user() == null ? userOf(kept) : session.user();
  }

  private static @Nullable String userOf(@Nullable Proof proof) {
    return proof == null ? null : proof.principal().user();
  }

  private void unproven(Fault fault, @Nullable CloseCode close) {
    refuse(fault);
    if (close != null) {
      connection.close(close, fault.message());
    }
  }

  private boolean sameTenant(Session session) {
    String tenant = help.desk().tenant(connection);
    return tenant == null || Objects.equals(tenant, session.tenant());
  }

  private void take(Session session, Claims claims) {
    session
        .kept()
        .take(
            connection,
            new KeptSession.Taken() {
              @Override
              public void taken(@Nullable Connection former) {
                goOn(session, claims, former);
              }

              @Override
              public void over() {
                if (shown != null && shown.equals(session.proof())) {
                  shown = null; // it says who the session was of, not who a fresh one is for
                }
                begin(LOST, claims);
              }

              @Override
              public void overtaken() {
                refuse(Fault.of(FaultCode.CONFLICT, "another connection has the session"));
                connection.close(CloseCode.REPLACED, REPLACED);
              }
            });
  }

  private void goOn(Session session, Claims claims, @Nullable Connection former) {
    leave(former);
    KeptSession kept = session.kept();
    String user = userOf(session);
    Claim claim =
        new Claim(
            session.id(),
            kept.generation(),
            session.named(),
            user,
            session.tenant(),
            session.identity());
    SessionIdentity identity =
        connection.sendable() ? help.desk().welcome(connection, call, claim) : null;
    if (identity == null) {
      if (kept.lost(connection)) {
        help.sessions().found(session);
        help.sessions().lose(session, connection.loop());
      }
      return;
    }
    session.identity(identity);
    help.sessions().found(session);
    known(session, user, claims.issued());
    Map<Long, String> fates = new TreeMap<>();
    List<Message.Response> done = new ArrayList<>();
    Hello.Resume resume = hello.resume();
    List<Long> unheard = new ArrayList<>();
    for (long id : resume == null ? List.<Long>of() : resume.pending()) {
      CallBook.Fate fate = kept.book().fate(id);
      if (fate instanceof CallBook.Fate.New) {
        unheard.add(id);
      }
      fates.put(id, fate(fate, done));
    }
    kept.book().promise(unheard); // greater ones may follow this hello at once
    welcome(session.id(), session.named(), user, kept.generation(), claims, null, fates);
    connection.establish(session.id(), help.terms().heartbeat(), profile, kept);
    done.forEach(connection::deliver);
    connection.tenure().hold(false);
  }

  private void leave(@Nullable Connection former) {
    if (former != null) {
      former.later(() -> {
        help.former().accept(former);
        former.tenure().replaced();
      });
    }
  }

  private static String fate(CallBook.Fate fate, List<Message.Response> done) {
    return switch (fate) {
      case CallBook.Fate.New() -> "new";
      case CallBook.Fate.Running(var running) -> "running";
      case CallBook.Fate.Unknown() -> "unknown";
      case CallBook.Fate.Done(var response) -> {
        done.add(response);
        yield "done";
      }
    };
  }

  // ---- a fresh one

  /**
   * @param reason why the former does not go on; null if none was asked for
   * @param former what the former was, as far as that is proved
   */
  void begin(@Nullable String reason, @Nullable Claims former) {
    if (shown != null || !help.identities().asks() || Standing.of(connection) == null) {
      fresh(reason, former);
      return;
    }
    help.identities()
        .prove(
            connection,
            call,
            hello,
            this::unproven,
            proof -> {
              shown = proof;
              boolean same =
                  former == null || Objects.equals(former.user(), proof.principal().user());
              fresh(same ? reason : Verdict.Kind.USER_CHANGED.reason(), same ? former : null);
            });
  }

  private void fresh(@Nullable String reason, @Nullable Claims former) {
    if (!connection.sendable()) {
      return;
    }
    String known = shown == null ? connection.user().orElse(null) : userOf(shown);
    String user = known == null && shown == null && former != null ? former.user() : known;
    String tenant = shown == null ? null : shown.principal().tenant();
    String id = RandomText.of(help.random(), SESSION_LENGTH);
    SessionIdentity identity =
        help.desk().welcome(connection, call, new Claim(id, 1, clientId, user, tenant, null));
    if (identity == null) {
      connection.tenure().hold(false);
      return;
    }
    Session session =
        keeps()
            ? help.sessions()
                .begin(
                    new Session(
                        new Session.Name(id, clientId, user, help.desk().tenant(connection)),
                        connection,
                        identity))
            : null;
    known(session, user, former == null ? null : former.issued());
    Map<Long, String> fates = new TreeMap<>();
    Hello.Resume resume = hello.resume();
    if (resume != null) {
      resume.pending().forEach(pending -> fates.put(pending, "unknown"));
    }
    welcome(id, clientId, user, 1, former, reason, fates);
    connection.establish(
        id, help.terms().heartbeat(), profile, session == null ? null : session.kept());
    connection.tenure().hold(false);
  }

  /** Whether the session will outlive its connections. */
  private boolean keeps() {
    return help.resumes() && profile.can(PeerProfile.ACK);
  }

  /**
   * It has been settled who says hello.
   *
   * @param since when that was shown, if it is the resume token that says it
   */
  private void known(@Nullable Session session, @Nullable String user, @Nullable Instant since) {
    Standing standing = Standing.of(connection);
    if (standing == null) {
      return;
    }
    Proof before = standing.proof();
    Proof proof = shown == null ? before : shown;
    if (proof == null) { // nobody is asked any more
      proof = Proof.of(Principal.anonymous(), null);
    }
    if (user != null && proof.principal().isAnonymous()) { // known by the session's token alone
      Principal named =
          Principal.of(user, "resume")
              .withTenant(help.desk().tenant(connection))
              .withToken(null, since, null);
      proof = Proof.of(named, null);
    }
    standing.become(proof);
    if (before != null && !before.equals(proof)) {
      help.identities().renewed().accept(connection);
    }
    if (session != null) {
      session.proof(proof);
    }
  }

  private void refuse(Fault fault) {
    call.refuse(fault);
    connection.tenure().hold(false);
  }

  /**
   * @param used the token that was accepted; null if there was none
   * @param reason why the former does not go on; null if it does, or none was asked for
   */
  private void welcome(
      String session,
      @Nullable String named,
      @Nullable String user,
      long generation,
      @Nullable Claims used,
      @Nullable String reason,
      Map<Long, String> fates) {
    String token =
        help.tokens().mint(session, named, user, generation, used, connection.loop().wallTime());
    boolean resumed = used != null && used.session().equals(session);
    HelloMethod.Terms terms = help.terms();
    call.answer(
        new Welcome(
                session,
                token,
                resumed,
                reason,
                generation,
                terms.node(),
                help.caps(),
                terms.heartbeat().interval().toMillis(),
                terms.heartbeat().timeout().toMillis(),
                resumed || keeps() ? help.sessions().within().toMillis() : 0,
                terms.limits(),
                fates,
                connection.loop().wallTime().toEpochMilli(),
                Standing.expiresIn(
                    shown == null ? null : shown.principal(), connection.loop().wallTime()),
                user)
            .write());
  }
}
