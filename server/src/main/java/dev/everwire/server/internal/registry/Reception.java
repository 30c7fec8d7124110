package dev.everwire.server.internal.registry;

import dev.everwire.protocol.CloseCode;
import dev.everwire.server.connection.ConnectionState;
import dev.everwire.server.connection.DuplicateClient;
import dev.everwire.server.internal.access.Pass;
import dev.everwire.server.internal.limit.Admissions;
import dev.everwire.server.internal.limit.Admissions.Answer;
import dev.everwire.server.internal.limit.Admissions.Applicant;
import dev.everwire.server.internal.limit.Seat;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who comes in, under which names, and who has to leave for that. Each method is called on
 * the loop of the connection that it is about.
 */
public final class Reception {

  /** Whom a handshake comes from, as far as it says. */
  public record Who(@Nullable String user, @Nullable String tenant, @Nullable String clientId) {}

  /** Whether a handshake is let in. */
  public sealed interface Admitted {
    record In(Ticket ticket) implements Admitted {}

    /** The client is there already, and stays. */
    record Conflict() implements Admitted {}

    record Full(String where) implements Admitted {}
  }

  /** What became of names: who was replaced, or why nothing was done. */
  private record Naming(List<Entry> replaced, @Nullable Greeting refusal) {}

  static final String REPLACED = "replaced by a newer connection";
  static final String STAYS = "the client is connected already";

  private static final long HELLO_WITHIN = Duration.ofSeconds(10).toNanos();
  private static final long GONE_WITHIN = Duration.ofMillis(500).toNanos();

  private final Registry registry;
  private final Admissions admissions;
  private final DuplicateClient duplicates;

  public Reception(Registry registry, Admissions admissions, DuplicateClient duplicates) {
    this.registry = registry;
    this.admissions = admissions;
    this.duplicates = duplicates;
  }

  // ---- the handshake

  /**
   * Decides on a handshake, before the upgrade.
   *
   * @param comesBack whether it may come in although it is full, to take another's place soon
   */
  public Admitted admit(
      Handshake handshake, Who who, Pass pass, boolean helloExpected, boolean comesBack) {
    boolean takesOver = false;
    if (who.clientId() != null
        && pass.principal() != null // a stranger takes nobody's place
        && duplicates != DuplicateClient.ALLOW) {
      for (Entry there : registry.named(new ClientKey(who.user(), who.clientId()))) {
        if (duplicates == DuplicateClient.REJECT_NEW && !there.leaves()) {
          return new Admitted.Conflict();
        }
        takesOver = true;
      }
    }
    Answer answer =
        takesOver
            ? new Answer.Granted(admissions.standIn())
            : admissions.reserve(
                new Applicant(handshake.remoteAddress(), who.user(), who.tenant()), comesBack);
    return switch (answer) {
      case Answer.Granted(Seat seat) ->
          new Admitted.In(
              new Ticket(
                  handshake.path(),
                  who.user(),
                  who.tenant(),
                  who.clientId(),
                  helloExpected,
                  pass,
                  seat));
      case Answer.Full(String where) -> new Admitted.Full(where);
    };
  }

  /** The upgrade is done; {@link #opened} or {@link #failed} has to follow. */
  public Entry enter(Transport transport, Ticket ticket) {
    boolean inTime = ticket.seat().claim();
    return registry.enter(transport, ticket, inTime ? ticket.seat() : admissions.standIn());
  }

  /** What receives its messages could not be made, or not be put in place. */
  public void failed(Entry entry) {
    registry.left(entry);
    registry.told(entry);
  }

  /** What receives its messages is in place. */
  public void opened(Entry entry, Receiver receiver, Ticket ticket) {
    entry.to(receiver);
    if (!entry.leaves()) {
      entry.become(
          ticket.helloExpected() || ticket.unproven()
              ? ConnectionState.AUTHENTICATING
              : ConnectionState.READY);
    }
    registry.hooks().connected(entry);
    String clientId = ticket.unproven() ? null : ticket.clientId();
    Naming naming = move(entry, ticket.user(), ticket.tenant(), clientId, null, true);
    if (ticket.unproven()) {
      entry.client(ticket.clientId()); // its own once it has shown who it is
    }
    if (naming.refusal() != null) {
      refuse(entry, naming.refusal());
      return;
    }
    if (provisional(entry)) {
      long within = admissions.limits().replaceWithin().toNanos();
      entry.loop().schedule(within, () -> settle(entry));
    }
    if (ticket.helloExpected()) {
      entry.loop().schedule(HELLO_WITHIN, () -> missesHello(entry));
    }
    if (ticket.user() != null) {
      registry.hooks().authenticated(entry);
    }
    naming.replaced().forEach(this::replace);
  }

  private static void missesHello(Entry entry) {
    if (entry.state() == ConnectionState.AUTHENTICATING) {
      entry.close(CloseCode.HELLO_TIMEOUT.value(), "no hello");
    }
  }

  private static boolean provisional(Entry entry) {
    Seat seat = entry.takeSeat();
    boolean provisional = seat != null && seat.provisional();
    if (seat != null) {
      entry.giveSeat(seat);
    }
    return provisional;
  }

  /** The time is over for one that was let in only to take another's place. */
  private void settle(Entry entry) {
    if (entry.leaves() || !provisional(entry)) {
      return;
    }
    String full = seated(entry, List.of(), entry.userOrNull(), entry.tenant().orElse(null), false);
    if (full != null) {
      refuse(entry, new Greeting.Full(full));
    }
  }

  // ---- hello

  /**
   * A hello makes a session of a connection, or goes on with one. Unless it is welcomed nothing has
   * changed, and the caller refuses it and calls {@link #refuse}.
   */
  public Greeting greet(Entry entry, Claim claim) {
    SessionIdentity resumed = claim.resumed();
    String user = claim.user() == null ? entry.userOrNull() : claim.user();
    String tenant = claim.tenant() == null ? entry.tenant().orElse(null) : claim.tenant();
    if (tenant == null && resumed != null) {
      tenant = resumed.tenant();
    }
    String told = entry.givenClientId();
    String clientId = told == null ? claim.clientId() : told;
    if (told == null && clientId != null && registry.taken(clientId, entry)) {
      return new Greeting.Conflict();
    }
    Entry there = resumed == null ? null : registry.session(claim.sessionId());
    Entry former = there == entry ? null : there;

    Naming naming = move(entry, user, tenant, clientId, former, false);
    if (naming.refusal() != null) {
      return naming.refusal();
    }
    SessionIdentity identity = resumed == null ? entry.identity() : resumed;
    entry.session(claim.sessionId(), claim.generation(), identity);
    identity.tenant(tenant);
    registry.moveSession(entry, claim.sessionId());
    if (!entry.leaves()) {
      entry.become(ConnectionState.READY);
    }
    if (former != null) {
      former.succeeded();
      former.onLoop(() -> {
        former.sessionEnds();
        linger(former);
      });
    }
    if (user != null) {
      registry.hooks().authenticated(entry);
    }
    if (resumed != null) {
      registry.hooks().resumed(entry);
    }
    for (Entry replaced : naming.replaced()) {
      if (replaced != former) {
        replace(replaced);
      }
    }
    return new Greeting.Welcomed(identity, former);
  }

  /**
   * It is known now who the user is, without a hello.
   *
   * @return false if the connection cannot stay for that; it begins to close
   */
  public boolean login(Connection connection, String user, @Nullable String tenant) {
    Entry entry = registry.of(connection);
    if (entry == null) {
      return false; // it has ended meanwhile
    }
    String theirs = tenant == null ? entry.tenant().orElse(null) : tenant;
    Naming naming = move(entry, user, theirs, entry.givenClientId(), null, false);
    if (naming.refusal() != null) {
      refuse(entry, naming.refusal());
      return false;
    }
    if (entry.state() == ConnectionState.AUTHENTICATING) {
      entry.become(ConnectionState.READY);
    }
    registry.hooks().authenticated(entry);
    naming.replaced().forEach(this::replace);
    return true;
  }

  /** It has shown that it is nobody in particular, without a hello. */
  public void proven(Connection connection) {
    Entry entry = registry.of(connection);
    if (entry != null && entry.state() == ConnectionState.AUTHENTICATING) {
      entry.become(ConnectionState.READY);
    }
  }

  /** Closes one that was not welcomed. */
  public void refuse(Entry entry, Greeting why) {
    switch (why) {
      case Greeting.Conflict() -> entry.close(CloseCode.REPLACED.value(), STAYS);
      case Greeting.Full(String where) ->
          entry.close(CloseCode.TRY_AGAIN_LATER.value(), where + " is full");
      case Greeting.Gone gone -> {}
      case Greeting.Welcomed welcomed -> {}
    }
  }

  /** Runs something on a worker that the end of the server waits for, as it does for hooks. */
  public void tell(Runnable task) {
    registry.hooks().tell(task);
  }

  // ---- names and seats

  /**
   * Gives a connection its names and what it needs for them, or changes nothing.
   *
   * @param former the connection that its session leaves
   * @param mayWait whether it may stay provisional for a while
   */
  private Naming move(
      Entry entry,
      @Nullable String user,
      @Nullable String tenant,
      @Nullable String clientId,
      @Nullable Entry former,
      boolean mayWait) {
    if (entry.leaves() || !entry.open()) {
      return new Naming(List.of(), new Greeting.Gone()); // it must not cost another its life
    }
    String told = entry.givenClientId();
    ClientKey before = told == null ? null : owned(entry, told);
    ClientKey key = clientId == null ? null : new ClientKey(user, clientId);
    ClientKey wanted = key == null || key.equals(before) ? null : key;
    Set<Entry> leaving = new LinkedHashSet<>();
    if (former != null) {
      leaving.add(former);
    }
    if (wanted != null && duplicates != DuplicateClient.ALLOW) {
      leaving.addAll(registry.named(wanted));
      leaving.remove(entry);
    }
    if (wanted != null
        && duplicates == DuplicateClient.REJECT_NEW
        && !registry.takeNameIfFree(wanted, entry, there -> there.leaves() || there == former)) {
      return new Naming(List.of(), new Greeting.Conflict());
    }
    String full = seated(entry, leaving, user, tenant, mayWait);
    if (full != null) {
      if (wanted != null && duplicates == DuplicateClient.REJECT_NEW) {
        giveNameBack(wanted, entry, former);
      }
      return new Naming(List.of(), new Greeting.Full(full));
    }
    List<Entry> replaced = wanted == null ? List.of() : named(entry, wanted);
    if (before != null && wanted != null) {
      registry.giveName(before, entry);
    }
    registry.moveUser(entry, user);
    entry.owner(user, tenant);
    entry.client(clientId);
    Connection connection = entry.connection();
    if (connection != null && user != null) {
      connection.identify(user);
    }
    return new Naming(replaced, null);
  }

  /** The name that it has; null if it only says so. */
  private @Nullable ClientKey owned(Entry entry, String clientId) {
    ClientKey key = new ClientKey(entry.userOrNull(), clientId);
    return registry.named(key).contains(entry) ? key : null;
  }

  /** Gives a name as the policy says; answers who had it and has to leave. */
  private List<Entry> named(Entry entry, ClientKey key) {
    return switch (duplicates) {
      case REPLACE_OLD -> registry.takeName(key, entry);
      case ALLOW -> {
        registry.shareName(key, entry);
        yield List.of();
      }
      case REJECT_NEW -> List.of(); // it has it
    };
  }

  private void giveNameBack(ClientKey key, Entry entry, @Nullable Entry former) {
    registry.giveName(key, entry);
    if (former != null
        && key.clientId().equals(former.givenClientId())
        && registry.takeNameIfFree(key, former, there -> false)
        && former.ended()) {
      registry.giveName(key, former); // it ended before it had it back
    }
  }

  /**
   * Sees to it that a connection may stay, with what those have who leave for it.
   *
   * @return null, or where there is no room; nothing has changed then
   */
  private @Nullable String seated(
      Entry entry,
      Collection<Entry> leaving,
      @Nullable String user,
      @Nullable String tenant,
      boolean mayWait) {
    Seat taken = entry.takeSeat();
    Seat seat = taken == null ? admissions.standIn() : taken;
    Map<Entry, Seat> theirs = new LinkedHashMap<>();
    for (Entry there : leaving) {
      Seat one = there.takeSeat();
      if (one != null) { // else it has ended, or somebody else came first
        theirs.put(there, one);
      }
    }
    String full =
        mayWait && seat.provisional() && theirs.isEmpty()
            ? null
            : admissions.complete(
                seat, theirs.values(), new Applicant(entry.remoteAddress(), user, tenant));
    giveBack(entry, seat);
    theirs.forEach(this::giveBack);
    return full;
  }

  /** There are bounds that its place is not counted against yet. On its loop. */
  public void recount(Entry entry) {
    Seat seat = entry.takeSeat();
    if (seat != null) {
      admissions.count(
          seat,
          new Applicant(entry.remoteAddress(), entry.userOrNull(), entry.tenant().orElse(null)));
      giveBack(entry, seat);
    }
  }

  private void giveBack(Entry owner, Seat seat) {
    if (!owner.giveSeat(seat)) {
      admissions.release(seat);
    } else if (owner.ended()) {
      Seat nobodys = owner.takeSeat();
      if (nobodys != null) {
        admissions.release(nobodys);
      }
    }
  }

  /** Closes one in whose place another is. From any thread. */
  private void replace(Entry former) {
    former.succeeded();
    former.onLoop(() -> {
      linger(former);
      former.close(CloseCode.REPLACED.value(), REPLACED);
    });
  }

  /** What was replaced is counted until it has gone; too many at once go at once. On its loop. */
  private void linger(Entry former) {
    if (former.ended()) {
      return;
    }
    if (admissions.linger()) {
      former.lingers(true);
    } else {
      former.loop().schedule(GONE_WITHIN, former::abort);
    }
  }
}
