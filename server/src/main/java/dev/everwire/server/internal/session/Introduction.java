package dev.everwire.server.internal.session;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.internal.RandomText;
import dev.everwire.server.internal.registry.Claim;
import dev.everwire.server.internal.registry.SessionIdentity;
import dev.everwire.server.internal.resume.Claims;
import dev.everwire.server.internal.resume.Verdict;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.KeptSession;
import dev.everwire.session.internal.PeerProfile;
import dev.everwire.session.internal.rpc.CallBook;
import dev.everwire.session.internal.rpc.InboundCall;
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

  Introduction(HelloMethod.Help help, Connection connection, InboundCall call, Hello hello) {
    this.help = help;
    this.connection = connection;
    this.call = call;
    this.hello = hello;
    this.profile = PeerProfile.of(hello.caps(), hello.limits());
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
          take(session, claims);
        }
      }
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
    String user = session.user();
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
    if (!connection.sendable()) {
      return;
    }
    String known = connection.user().orElse(null);
    String user = known == null && former != null ? former.user() : known;
    String id = RandomText.of(help.random(), SESSION_LENGTH);
    SessionIdentity identity =
        help.desk().welcome(connection, call, new Claim(id, 1, clientId, user, null, null));
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
                0,
                user)
            .write());
  }
}
