package dev.everwire.client;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small server that keeps topics and remembers all of their events. Writes down what no client
 * may do: subscribe twice on one connection, or end what it has not. Lives on its loop; look at it
 * when the network is at rest.
 */
final class TopicServer implements Acceptor {
  private final Listener.Listening listening;
  private final Map<String, List<String>> topics = new HashMap<>(); // data at offset 1, 2 …
  private final Set<Link> links = new LinkedHashSet<>();
  private final List<String> wrongs = new ArrayList<>();
  private int subscribes;
  private boolean silent;
  private @Nullable List<Runnable> held; // answers to subscribe, once they are held back
  private @Nullable Refuse refusal;

  /** One connection. */
  final class Link implements Receiver {
    private final Transport transport;
    private final Set<String> subscribed = new HashSet<>();
    private int calls;

    private Link(Transport transport) {
      this.transport = transport;
    }

    @Override
    public void onText(ByteBuffer utf8) {
      JsonMembers call = RawJson.parse(StandardCharsets.UTF_8.decode(utf8).toString()).members();
      RawJson id = call.get("id");
      if (id == null) {
        if (call.string("method").equals("$/ping")) {
          say("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");
        }
        return;
      }
      String answer = "{\"jsonrpc\":\"2.0\",\"id\":" + id + "," + answer(call) + "}";
      String method = call.string("method");
      if (silent && method.equals("echo")) {
        return;
      }
      if (held != null && method.equals("rpc.subscribe")) {
        held.add(() -> say(answer));
      } else {
        say(answer);
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      wrongs.add("binary");
    }

    @Override
    public void onClosed(int code, String reason) {
      links.remove(this);
    }

    private String answer(JsonMembers call) {
      RawJson given = call.get("params");
      JsonMembers params = (given == null ? RawJson.parse("{}") : given).members();
      return switch (call.string("method")) {
        case "rpc.hello" ->
            "\"result\":{\"v\":1,\"session\":\"S\",\"resumeToken\":\"R\",\"resumed\":false,"
                + "\"generation\":1,\"node\":\"n\",\"caps\":[],"
                + "\"heartbeat\":{\"interval\":3600000,\"timeout\":10000}}";
        case "rpc.subscribe" -> subscribe(params.string("topic"), params.object("since"));
        case "rpc.unsubscribe" -> {
          if (!subscribed.remove(params.string("topic"))) {
            wrongs.add("unsubscribe without subscribe: " + params.string("topic"));
          }
          yield "\"result\":true";
        }
        case "rpc.history" ->
            history(params.string("topic"), params.object("since"), params.integer("limit", 1_000));
        case "echo" -> {
          calls++;
          yield "\"result\":null";
        }
        default -> "\"error\":{\"code\":-32601,\"message\":\"unknown\"}";
      };
    }

    private String subscribe(String topic, @Nullable JsonMembers since) {
      subscribes++;
      if (!subscribed.add(topic)) {
        wrongs.add("subscribed twice: " + topic);
      }
      List<String> events = topics.computeIfAbsent(topic, name -> new ArrayList<>());
      StringBuilder missed = new StringBuilder();
      long from = since == null ? events.size() : since.integer("offset");
      for (long offset = from + 1; offset <= events.size(); offset++) {
        missed.append(missed.isEmpty() ? "" : ",").append(event(events, offset));
      }
      return "\"result\":{\"topic\":\""
          + topic
          + "\",\"epoch\":\"e\",\"offset\":"
          + events.size()
          + (since == null ? "" : ",\"recovered\":true")
          + ",\"events\":["
          + missed
          + "]}";
    }

    private String history(String topic, @Nullable JsonMembers since, long limit) {
      List<String> events = topics.computeIfAbsent(topic, name -> new ArrayList<>());
      StringBuilder found = new StringBuilder();
      long from = since == null ? 0 : since.integer("offset");
      long to = Math.min(events.size(), from + limit);
      for (long offset = from + 1; offset <= to; offset++) {
        found.append(found.isEmpty() ? "" : ",").append(event(events, offset));
      }
      return "\"result\":{\"topic\":\""
          + topic
          + "\",\"epoch\":\"e\",\"offset\":"
          + events.size()
          + ",\"events\":["
          + found
          + "],\"more\":"
          + (to < events.size())
          + "}";
    }

    private void say(String json) {
      transport.sendText(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    }
  }

  TopicServer(MemoryNetwork network, String name) {
    try {
      this.listening = network.listener(name).listen(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends to a topic and tells who is subscribed. From any thread. */
  void publish(String topic, String data) {
    onLoop(() -> {
      List<String> events = topics.computeIfAbsent(topic, name -> new ArrayList<>());
      events.add(data);
      for (Link link : List.copyOf(links)) {
        if (link.subscribed.contains(topic)) {
          link.say(
              "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":{\"topic\":\""
                  + topic
                  + "\","
                  + event(events, events.size()).substring(1)
                  + "}");
        }
      }
    });
  }

  /** Cuts one connection, counted by age. From any thread. */
  void cut(int index) {
    onLoop(() -> {
      List<Link> open = List.copyOf(links);
      if (!open.isEmpty()) {
        open.get(index % open.size()).transport.abort();
      }
    });
  }

  /** As {@link #cut}, with a Close frame. */
  void close(int index, int code) {
    onLoop(() -> {
      List<Link> open = List.copyOf(links);
      if (!open.isEmpty()) {
        open.get(index % open.size()).transport.close(code, "");
      }
    });
  }

  /** From now on upgrades are answered so. */
  void refuse(Refuse with) {
    refusal = with;
  }

  /** Whether calls of "echo" are left unanswered. */
  void silent(boolean on) {
    silent = on;
  }

  /** From now on answers to subscribe wait for {@link #release}. */
  void hold() {
    held = new ArrayList<>();
  }

  /** Gives the answers that wait; says how many. */
  int release() {
    List<Runnable> now = held == null ? List.of() : List.copyOf(held);
    held = new ArrayList<>();
    now.forEach(this::onLoop);
    return now.size();
  }

  Set<String> topics() {
    return topics.keySet();
  }

  /** How often each open connection called "echo", oldest first. */
  List<Integer> calls() {
    return links.stream().map(link -> link.calls).toList();
  }

  List<String> wrongs() {
    return wrongs;
  }

  /** How often anybody subscribed. */
  int subscribes() {
    return subscribes;
  }

  /** Topics by connection, oldest connection first. */
  List<Set<String>> subscriptions() {
    return links.stream().map(link -> link.subscribed).toList();
  }

  @Override
  public Answer upgrade(Handshake handshake) {
    return refusal != null ? refusal : new Accept(null, TransportLimits.SERVER, this::open);
  }

  @Override
  public void http(HttpRequest request, Consumer<HttpReply> reply) {
    throw new UnsupportedOperationException();
  }

  void close() {
    listening.close();
  }

  private Receiver open(Transport transport) {
    Link link = new Link(transport);
    links.add(link);
    return link;
  }

  private void onLoop(Runnable task) {
    listening.loops().getFirst().execute(task);
  }

  private static String event(List<String> events, long offset) {
    return "{\"offset\":" + offset + ",\"data\":" + events.get((int) offset - 1) + "}";
  }
}
