package dev.everwire.simulation;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.CallMeta;
import dev.everwire.protocol.wire.Credit;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Items;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Progress;
import dev.everwire.protocol.wire.StreamEnd;
import dev.everwire.protocol.wire.Welcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a connection sends besides requests and answers: items are numbered without a
 * hole and never more than were granted, nothing follows the end of their stream or call, and
 * metadata goes only to one who announced that it reads it.
 */
final class WireStreams {
  /** A stream of this side's: the result of a call of the other's (arg 0), or an argument. */
  private record Key(RequestId id, int arg) {}

  private final String name;
  private final Consumer<String> wrong;
  private final Map<Key, Long> granted = new HashMap<>();
  private final Map<Key, Long> sent = new HashMap<>();
  private final Set<Key> ended = new HashSet<>();
  private final Set<RawJson> tokens = new HashSet<>(); // progress that the other wants
  private Set<String> caps = Set.of(); // what this side announced

  WireStreams(String name, Consumer<String> wrong) {
    this.name = name;
    this.wrong = wrong;
  }

  /** This side asked the other. */
  void request(Message.Request request, WireStreams other) {
    RawJson params = request.params();
    if (request.method().equals(Names.HELLO)) {
      caps = Set.copyOf(Hello.read(params).caps());
    }
    RawJson meta =
        params == null || params.kind() != RawJson.Kind.OBJECT
            ? null
            : params.members().get(request.method().equals(Names.CALL) ? "meta" : Names.META);
    if (meta != null) {
      announced(other, "meta");
      CallMeta read = CallMeta.read(meta);
      if (read.stream()) {
        announced(other, "stream");
        other.granted.put(new Key(request.id(), 0), read.credits());
      }
      if (read.progressToken() != null) {
        other.tokens.add(read.progressToken());
      }
    }
  }

  /** This side goes on with what the other asked on a former connection. */
  void goesOn(Iterable<Long> calls) {
    calls.forEach(number -> tokens.add(RawJson.number(number)));
  }

  private void announced(WireStreams other, String cap) {
    if (!other.caps.contains(cap)) {
      wrong.accept(name + " " + cap + " to one who knows " + other.caps);
    }
  }

  /** This side answered the other. */
  void answer(Message.Response response) {
    if (response instanceof Message.Success(var id, RawJson result)
        && id.literal().equals(Names.HELLO_ID)) {
      caps = Set.copyOf(Welcome.read(result).caps());
    }
    ended.add(new Key(response.id(), 0));
    tokens.remove(RawJson.parse(response.id().literal()));
  }

  void notification(String method, @Nullable RawJson params, WireStreams other) {
    switch (method) {
      case Names.ITEM -> items(Items.read(params));
      case Names.CREDIT -> {
        Credit credit = Credit.read(params);
        other.granted.merge(new Key(credit.id(), credit.arg()), credit.n(), Long::sum);
      }
      case Names.END -> {
        StreamEnd end = StreamEnd.read(params);
        if (!ended.add(new Key(end.id(), end.arg()))) {
          wrong.accept(name + " two ends of argument " + end.arg() + " of " + end.id());
        }
      }
      case Names.PROGRESS -> {
        if (!tokens.contains(Progress.read(params).token())) {
          wrong.accept(name + " progress nobody waits for: " + params);
        }
      }
      default -> {}
    }
  }

  private void items(Items items) {
    Key key = new Key(items.id(), items.arg());
    List<RawJson> more = items.items();
    long before = sent.getOrDefault(key, 0L);
    if (items.seq() != before + 1) {
      wrong.accept(name + " item " + items.seq() + " behind " + before + " of " + key);
    }
    if (before + more.size() > granted.getOrDefault(key, 0L)) {
      wrong.accept(name + " more items than granted of " + key);
    }
    if (ended.contains(key)) {
      wrong.accept(name + " items behind the end of " + key);
    }
    sent.put(key, before + more.size());
  }
}
