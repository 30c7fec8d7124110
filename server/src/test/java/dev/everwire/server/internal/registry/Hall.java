package dev.everwire.server.internal.registry;

import dev.everwire.server.TestPeer;
import dev.everwire.server.TestValues;
import dev.everwire.server.connection.ConnectionHooks;
import dev.everwire.server.connection.DuplicateClient;
import dev.everwire.server.internal.access.Pass;
import dev.everwire.server.internal.limit.Admissions;
import dev.everwire.server.internal.registry.Reception.Who;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A registry behind a listener in memory, with raw peers; the test says who they are. */
final class Hall {
  final MemoryNetwork network = new MemoryNetwork();
  final Census census = new Census();
  final Admissions admissions;
  final Registry registry;
  final Reception reception;
  final Map<Entry, TestPeer> peers = new HashMap<>();
  private @Nullable Entry last;

  Hall(DuplicateClient policy) {
    this(policy, ConnectionLimits.DEFAULT, null);
  }

  Hall(DuplicateClient policy, ConnectionLimits limits, @Nullable ConnectionHooks hooks) {
    admissions = new Admissions(limits);
    registry =
        new Registry(
            "n-1", census, admissions, new HookCalls(hooks, Runnable::run), new TestValues());
    reception = new Reception(registry, admissions, policy);
    try {
      var unused = network.listener("hall", 3).listen(new Door());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Somebody without a name comes in. */
  Entry anybody() {
    return comes(Map.of());
  }

  Entry client(String clientId) {
    return comes(Map.of("client", clientId));
  }

  Entry comes(Map<String, String> headers) {
    last = null;
    TestPeer peer = TestPeer.dial(network, "ws://hall/raw", headers);
    Entry entry = last;
    if (entry == null) {
      throw new AssertionError("refused with " + peer.failure().status());
    }
    peers.put(entry, peer);
    return entry;
  }

  /** With which status somebody is refused. */
  int refused(Map<String, String> headers) {
    return TestPeer.dial(network, "ws://hall/raw", headers).failure().status();
  }

  TestPeer peer(Entry entry) {
    return Objects.requireNonNull(peers.get(entry));
  }

  /** On the entry's loop. */
  <T> T on(Entry entry, Supplier<T> task) {
    Map<String, T> answer = new HashMap<>();
    entry.loop().execute(() -> answer.put("", task.get()));
    network.runUntilIdle();
    return Objects.requireNonNull(answer.get(""));
  }

  Greeting greet(Entry entry, Claim claim) {
    return on(entry, () -> reception.greet(entry, claim));
  }

  private final class Door implements Acceptor {
    @Override
    public Answer upgrade(Handshake handshake) {
      Who who =
          new Who(handshake.header("user"), handshake.header("tenant"), handshake.header("client"));
      boolean back = handshake.header("back") != null;
      return switch (reception.admit(handshake, who, Pass.UNASKED, back, back)) {
        case Reception.Admitted.In(Ticket ticket) ->
            new Accept(null, TransportLimits.SERVER, transport -> open(transport, ticket));
        case Reception.Admitted.Conflict() -> Refuse.with(409, "");
        case Reception.Admitted.Full(String where) -> Refuse.with(503, where);
      };
    }

    private Receiver open(Transport transport, Ticket ticket) {
      Entry entry = reception.enter(transport, ticket);
      last = entry;
      reception.opened(entry, new Deaf(), ticket);
      return entry;
    }

    @Override
    public void http(HttpRequest request, Consumer<HttpReply> reply) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Deaf implements Receiver {
    @Override
    public void onText(ByteBuffer utf8) {}

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
