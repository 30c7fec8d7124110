package dev.everwire.server.internal.admin;

import dev.everwire.server.access.Access;
import dev.everwire.server.admin.Operations;
import dev.everwire.server.internal.limit.InboundGuards;
import dev.everwire.server.internal.registry.Census;
import dev.everwire.server.internal.registry.OpenConnections;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.session.Sessions;
import dev.everwire.server.internal.topic.TopicHub;
import java.util.List;

/** What there is in a server to look at and to change. */
public record House(
    String node,
    Census census,
    Registry registry,
    OpenConnections connections,
    Sessions sessions,
    TopicHub topics,
    InboundGuards guards,
    Access access,
    Departure departure,
    Operations operations) {

  List<List<Act>> groups() {
    SessionBook book = new SessionBook(registry, sessions);
    return List.of(
        new Figures(node, census, registry, topics, guards).acts(),
        new SessionLists(book, topics).acts(),
        new Inspection(registry, sessions, book, topics).acts(),
        new Counting(registry).acts(),
        new Ejection(registry, connections, sessions, book).acts(),
        new Revoking(access).acts(),
        new Alerting(registry, connections, topics).acts(),
        new Steering(departure, operations).acts());
  }
}
