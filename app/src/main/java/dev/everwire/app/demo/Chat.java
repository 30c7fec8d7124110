package dev.everwire.app.demo;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.TopicName;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.topic.Topics;
import dev.everwire.session.Call;
import dev.everwire.session.Caller;
import dev.everwire.session.Handler;
import dev.everwire.session.Params;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Chat rooms: who is there, and what is said on the topic {@code chat/ROOM}. Members are
 * connections, so they leave when theirs ends. Safe from any thread.
 *
 * <p>An event is {@code {"kind","name","at"}} with {@code text} for a message; kinds are {@code
 * join}, {@code leave} and {@code message}. The {@code key} of a message is the sender's own, given
 * again when it was not sure whether the first attempt arrived: readers show a key once.
 */
public final class Chat {
  static final int LONGEST_NAME = 40;
  static final int LONGEST_ROOM = 60;
  static final int LONGEST_TEXT = 4_000;
  static final int LONGEST_KEY = 100;

  private final ChatRooms rooms = new ChatRooms();
  private final CompletableFuture<Topics> topics = new CompletableFuture<>();
  private final Clock clock;

  public Chat() {
    this(Clock.systemUTC());
  }

  Chat(Clock clock) {
    this.clock = clock;
  }

  /** By name. They wait for {@link #open}. */
  public Map<String, Handler> methods() {
    Map<String, Handler> methods = new LinkedHashMap<>();
    methods.put("chat.join", this::join);
    methods.put("chat.leave", this::leave);
    methods.put("chat.say", this::say);
    methods.put("chat.members", this::members);
    methods.put("chat.stats", this::stats);
    return methods;
  }

  /** Begins, with the topics of the server that serves the methods. */
  public void open(Topics of) {
    topics.complete(of);
  }

  /** A connection has ended. */
  public void disconnected(Caller caller) {
    rooms.leaveAll(caller.connectionId()).forEach((room, name) -> tell(room, "leave", name));
  }

  private RawJson join(Call call) {
    String name = text(call, 0, "name", LONGEST_NAME);
    String room = room(call, 1);
    Caller caller = call.caller();
    ChatRooms.Joined joined = rooms.join(room, caller.connectionId(), name);
    if (joined.renamed() != null) {
      tell(room, "leave", joined.renamed());
    }
    if (joined.news()) {
      tell(room, "join", name);
    }
    // Its end may have been told before it was a member. Whoever can be told now ends later.
    Offer offer = caller.peer().notify("chat.joined", Map.of("room", room));
    if (offer == Offer.CLOSED) {
      disconnected(caller);
    }
    return membership(room, name);
  }

  private RawJson membership(String room, String name) {
    JsonWriter out = new JsonWriter().beginObject().name("room").value(room);
    out.name("name").value(name).name("topic").value(topic(room));
    return writeMembers(out, rooms.members(room)).endObject().toRawJson();
  }

  private boolean leave(Call call) {
    String room = room(call, 0);
    String name = rooms.leave(room, call.caller().connectionId());
    if (name != null) {
      tell(room, "leave", name);
    }
    return name != null;
  }

  private RawJson say(Call call) {
    String room = room(call, 0);
    String text = text(call, 1, "text", LONGEST_TEXT);
    String key = call.params().find(2, "key", String.class);
    if (key != null && key.length() > LONGEST_KEY) {
      throw Params.invalid("key: expected at most " + LONGEST_KEY + " characters");
    }
    String name = rooms.speak(room, call.caller().connectionId());
    if (name == null) {
      throw new FaultException(FaultCode.FORBIDDEN, "join the room first");
    }
    Position at = tell(room, "message", name, text, key);
    JsonWriter out = new JsonWriter().beginObject().name("epoch").value(at.epoch());
    return out.name("offset").value(at.offset()).endObject().toRawJson();
  }

  private RawJson members(Call call) {
    String room = room(call, 0);
    JsonWriter out = new JsonWriter().beginObject().name("room").value(room);
    return writeMembers(out, rooms.members(room)).endObject().toRawJson();
  }

  /** Of one room, or of all together. */
  private RawJson stats(Call call) {
    String room = call.params().size() == 0 ? null : room(call, 0);
    ChatRooms.Counts counts = room == null ? rooms.all() : rooms.counts(room);
    JsonWriter out = new JsonWriter().beginObject();
    if (room == null) {
      out.name("rooms").value(counts.rooms());
    } else {
      out.name("room").value(room);
    }
    out.name("members").value(counts.members()).name("joins").value(counts.joins());
    out.name("leaves").value(counts.leaves()).name("messages").value(counts.messages());
    return out.endObject().toRawJson();
  }

  private void tell(String room, String kind, String name) {
    var unused = tell(room, kind, name, null, null);
  }

  private Position tell(
      String room, String kind, String name, @Nullable String text, @Nullable String key) {
    JsonWriter out = new JsonWriter().beginObject().name("kind").value(kind);
    out.name("name").value(name).name("at").value(clock.millis());
    if (text != null) {
      out.name("text").value(text);
    }
    if (key != null) {
      out.name("key").value(key);
    }
    return topics.join().publish(topic(room), out.endObject().toRawJson());
  }

  private static JsonWriter writeMembers(JsonWriter out, List<String> names) {
    out.name("members").beginArray();
    names.forEach(out::value);
    return out.endArray();
  }

  private static String topic(String room) {
    return "chat/" + room;
  }

  private static String room(Call call, int index) {
    String room = text(call, index, "room", LONGEST_ROOM);
    if (room.contains("/") || !TopicName.valid(room) || room.startsWith("$")) {
      throw Params.invalid("room: expected letters, digits and : . _ -");
    }
    return room;
  }

  private static String text(Call call, int index, String name, int longest) {
    String text = call.params().get(index, name, String.class).strip();
    if (text.isEmpty() || text.length() > longest) {
      throw Params.invalid(name + ": expected 1-" + longest + " characters");
    }
    return text;
  }
}
