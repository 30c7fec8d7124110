package dev.everwire.server;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.wire.Goaway;
import dev.everwire.protocol.wire.Names;
import dev.everwire.server.internal.drain.Crowd;
import dev.everwire.server.internal.drain.Draining;
import dev.everwire.server.internal.drain.Member;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.session.Caller;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is done with all open connections of a server at once, whatever is spoken on them. Safe from
 * any thread.
 */
final class Roster implements Crowd {

  /** One on which calls are spoken. */
  private record Talking(Connection connection) implements Member {
    @Override
    public boolean session() {
      return connection.established();
    }

    @Override
    public void tell(Goaway goaway) {
      connection.send(new Message.Notification(Names.GOAWAY, goaway.write()));
    }

    @Override
    public void refuseCalls() {
      connection.drain();
    }

    @Override
    public int inboundCalls() {
      return connection.inboundCalls();
    }

    @Override
    public int heldBack() {
      return connection.heldBack();
    }
  }

  private final Registry registry;
  private volatile @Nullable Draining draining; // set once, seen by every loop

  Roster(Registry registry) {
    this.registry = registry;
    registry.whenLeft(this::left);
  }

  /** A connection is open, and in the registry. On its loop. Nobody stays who comes too late. */
  void entered(Entry entry) {
    Draining told = draining;
    if (told != null) {
      told.came();
      member(entry).refuseCalls();
      entry.close(CloseCode.TRY_AGAIN_LATER.value(), "draining");
    }
  }

  private void left(Entry entry) {
    Draining told = draining;
    if (told != null) {
      told.left(entry);
    }
  }

  @Override
  public int size() {
    return registry.size();
  }

  @Override
  public void each(Loop loop, BiConsumer<Transport, Member> visitor) {
    registry.forEach(entry -> {
      if (entry.loop().equals(loop)) {
        visitor.accept(entry, member(entry));
      }
    });
  }

  private static Member member(Entry entry) {
    Connection connection = entry.connection();
    return connection == null ? Member.RAW : new Talking(connection);
  }

  /** Those who can be called, at this moment. */
  List<Caller> callers() {
    List<Caller> callers = new ArrayList<>();
    registry.forEach(entry -> {
      Connection connection = entry.connection();
      if (connection != null) {
        callers.add(connection.caller());
      }
    });
    return List.copyOf(callers);
  }

  /** Is told of everybody who leaves from now on; who comes is sent away. */
  void drain(Draining told) {
    draining = told;
  }
}
