package dev.everwire.server.connection;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says which connections are meant; looked up when it is used. A connection is meant once, however
 * many of the names it has. Immutable.
 *
 * <pre>{@code
 * Targets.tags("region:eu").except(connection.connectionId())
 * }</pre>
 */
public final class Targets {

  /** What the names are names of. */
  public enum By {
    ALL,
    CONNECTION,
    SESSION,
    CLIENT,
    USER,
    TAG
  }

  private final By by;
  private final Set<String> names;
  private final @Nullable String user;
  private final Set<String> excluded; // connections and sessions
  private final Set<Client> excludedClients;

  /** Two users never mean the same one. */
  private record Client(@Nullable String user, String id) {}

  private Targets(
      By by,
      Set<String> names,
      @Nullable String user,
      Set<String> excluded,
      Set<Client> excludedClients) {
    this.by = by;
    this.names = names;
    this.user = user;
    this.excluded = excluded;
    this.excludedClients = excludedClients;
  }

  /** Everybody, raw peers included. */
  public static Targets all() {
    return new Targets(By.ALL, Set.of(), null, Set.of(), Set.of());
  }

  public static Targets connections(String... ids) {
    return of(By.CONNECTION, ids);
  }

  public static Targets sessions(String... ids) {
    return of(By.SESSION, ids);
  }

  /** All connections of these users. */
  public static Targets users(String... users) {
    return of(By.USER, users);
  }

  /** Those who have one of the tags at least. */
  public static Targets tags(String... tags) {
    return of(By.TAG, tags);
  }

  /** Clients of nobody in particular. */
  public static Targets clients(String... clientIds) {
    return of(By.CLIENT, clientIds);
  }

  /** Clients of one user: users do not share their clients' names. */
  public static Targets clientsOf(String user, String... clientIds) {
    return new Targets(By.CLIENT, setOf(clientIds), user, Set.of(), Set.of());
  }

  /**
   * Without these.
   *
   * @param ids of connections or sessions
   */
  public Targets except(String... ids) {
    return except(setOf(ids));
  }

  /** As the other. */
  public Targets except(Set<String> ids) {
    Set<String> together = new HashSet<>(excluded);
    together.addAll(ids);
    return new Targets(by, names, user, Set.copyOf(together), excludedClients);
  }

  /**
   * Without these clients.
   *
   * @param ofUser null for anonymous ones
   */
  public Targets exceptClients(@Nullable String ofUser, String... clientIds) {
    Set<Client> together = new HashSet<>(excludedClients);
    for (String id : clientIds) {
      together.add(new Client(ofUser, id));
    }
    return new Targets(by, names, user, excluded, Set.copyOf(together));
  }

  /** Whether it is one of those who are left out. */
  public boolean excludes(ServerConnection connection) {
    return excluded.contains(connection.connectionId())
        || excluded.contains(connection.sessionId())
        || (!excludedClients.isEmpty()
            && excludedClients.contains(
                new Client(connection.user().orElse(null), connection.clientId())));
  }

  private static Targets of(By by, String... names) {
    return new Targets(by, setOf(names), null, Set.of(), Set.of());
  }

  private static Set<String> setOf(String... names) {
    return Set.copyOf(List.of(names));
  }

  public By by() {
    return by;
  }

  /** Empty for {@link By#ALL}. */
  public Set<String> names() {
    return names;
  }

  /** Whose clients; empty for anonymous ones, and unless clients are meant. */
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  @Override
  public String toString() {
    return by
        + (names.isEmpty() ? "" : " " + names)
        + (excluded.isEmpty() ? "" : " except " + excluded);
  }
}
