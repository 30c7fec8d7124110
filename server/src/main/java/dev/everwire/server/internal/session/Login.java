package dev.everwire.server.internal.session;

import dev.everwire.server.internal.access.Authentications;
import dev.everwire.server.internal.access.Proof;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.registry.Reception;
import dev.everwire.session.internal.Connection;
import dev.everwire.spi.auth.Principal;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Takes the user that a peer has shown to be by the method of another protocol. On the connection's
 * loop.
 *
 * @param renewed told of a connection whose peer has shown something else than before
 */
public record Login(
    Authentications authentications, Reception reception, Consumer<Connection> renewed)
    implements BiPredicate<Connection, String> {

  /** False if the connection is another's, or has to end for that. */
  @Override
  public boolean test(Connection connection, String user) {
    Standing standing = Standing.of(connection);
    Principal known = standing == null ? null : standing.principal();
    if (authentications.asks() && known != null && !known.isAnonymous()) {
      return user.equals(known.user()); // it belongs to that one for good, until that ends
    }
    Principal named =
        Principal.of(user, "login").withToken(null, connection.loop().wallTime(), null);
    boolean stays = reception.login(connection, user, null);
    if (stays && standing != null) {
      standing.become(Proof.of(named, null));
      renewed.accept(connection);
    }
    return stays;
  }
}
