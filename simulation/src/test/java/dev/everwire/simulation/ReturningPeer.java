package dev.everwire.simulation;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Ack;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps to the rules of resuming and nothing else: it calls, remembers what was not
 * answered, comes back with its newest token on any connection and believes what it is told. What
 * must not happen to it is written into the book.
 */
final class ReturningPeer {
  private static final Set<Integer> REFUSALS = Set.of(-32006, -32012); // overloaded, draining
  private static final int REPLACED = 4409;

  final String name;
  private final Dialer dialer;
  private final URI uri;
  private final SessionBook book;
  private final SplittableRandom random;

  private final TreeMap<Long, SessionBook.Entry> open = new TreeMap<>(); // sent, not answered
  private final TreeSet<Long> answered = new TreeSet<>(); // and not acknowledged
  private final List<Line> former = new ArrayList<>(); // open still, left for another
  private @Nullable Line current;
  private @Nullable Welcome session; // the last one
  private long lastId;

  ReturningPeer(String name, Dialer dialer, URI uri, SessionBook book, SplittableRandom random) {
    this.name = name;
    this.dialer = dialer;
    this.uri = uri;
    this.book = book;
    this.random = random;
  }

  boolean away() {
    return current == null;
  }

  /** It is welcome and waits for nothing. */
  boolean content() {
    return current != null && current.welcomed && open.isEmpty();
  }

  // ---- what its user does

  /** Dials; a connection that is there becomes a zombie. */
  void connect() {
    if (current != null) {
      former.add(current);
    }
    Line line = new Line();
    current = line;
    line.dial();
  }

  /** As after a crash: the same client knows nothing any more. */
  void startOver() {
    forget();
    connect();
  }

  void call() {
    Line line = current;
    if (line != null && line.greeted) {
      line.call(book.call(random.nextInt(4) == 0));
    }
  }

  /** Says something where the session no longer is. */
  void haunt() {
    Line now = current;
    if (now == null || !now.welcomed || !now.resumed) {
      return;
    }
    for (Line zombie : former) {
      if (zombie.belongsTo(session)) {
        zombie.say(request(++lastId, book.zombie()));
      }
    }
  }

  void acknowledge() {
    Line line = current;
    if (line == null || !line.welcomed || answered.isEmpty()) {
      return;
    }
    long upTo = open.isEmpty() ? answered.last() : open.firstKey() - 1;
    List<Long> also = random.nextBoolean() ? List.copyOf(answered.tailSet(upTo, false)) : List.of();
    answered.headSet(upTo, true).clear();
    also.forEach(answered::remove);
    line.notify("$/ack", Ack.calls(upTo, also).write().toString());
  }

  void cut() {
    if (current != null) {
      current.abort();
    }
  }

  /** Ends its session. */
  void leave() {
    if (current != null) {
      current.close();
    }
    forget();
  }

  /** Closes, and comes back for a session that is over. */
  void leaveWithToken() {
    if (current != null) {
      current.close();
    }
  }

  void reading(boolean on) {
    if (current != null) {
      current.reading(on);
    }
  }

  void cutFormer() {
    List.copyOf(former).forEach(Line::abort);
  }

  private void forget() {
    session = null;
    answered.clear();
    open.values().forEach(entry -> entry.end(SessionBook.End.PERHAPS));
    open.clear();
  }

  private static String request(long id, SessionBook.Entry entry) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\"count\",\"params\":["
        + entry.number
        + "]}";
  }

  @Override
  public String toString() {
    return name + (current == null ? " away" : current.welcomed ? " here" : " coming") + " " + open;
  }

  /** One connection, dialled or open. */
  private final class Line implements Dialer.Result, Receiver {
    private @Nullable Transport transport;
    private boolean greeted;
    private boolean welcomed;
    private boolean resumed;
    private boolean over;
    private @Nullable String sessionId;
    private final Set<Long> asked = new HashSet<>(); // ids that may be answered here
    private List<Long> pending = List.of(); // as hello said

    void dial() {
      dialer.dial(
          new Dialer.Request(
              uri, Map.of(), List.of(), Duration.ofSeconds(5), TransportLimits.CLIENT),
          dialer.loop(),
          this);
    }

    @Override
    public Receiver opened(Transport opened, @Nullable String subprotocol) {
      transport = opened;
      if (current == this) {
        hello();
        for (int i = random.nextInt(3); i > 0; i--) { // in the same flight
          call(book.call(random.nextInt(4) == 0));
        }
      } else {
        opened.abort();
      }
      return this;
    }

    @Override
    public void failed(Dialer.Failure failure) {
      ended(0);
    }

    private void hello() {
      Welcome last = session;
      if (last == null) {
        forget(); // what was said behind the end
      }
      pending = List.copyOf(open.keySet());
      Hello.Resume resume =
          last == null ? null : new Hello.Resume(last.session(), last.resumeToken(), pending);
      Hello hello =
          new Hello(
              1,
              "peer",
              "1",
              List.of("ack", "batch", "server-calls"),
              resume,
              Map.of(),
              null,
              name);
      say(
          "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":"
              + hello.write()
              + "}");
      greeted = true;
    }

    void call(SessionBook.Entry entry) {
      long id = ++lastId;
      open.put(id, entry);
      asked.add(id);
      say(request(id, entry));
    }

    private void again(long id) {
      asked.add(id);
      say(request(id, entry(id)));
    }

    private SessionBook.Entry entry(long id) {
      SessionBook.Entry entry = open.get(id);
      if (entry == null) {
        throw new AssertionError(name + " does not wait for " + id);
      }
      return entry;
    }

    // ---- what comes

    @Override
    public void onText(ByteBuffer utf8) {
      RawJson message = RawJson.parse(StandardCharsets.UTF_8.decode(utf8).toString());
      if (current != this) {
        return; // nobody listens here any more
      }
      JsonMembers members = message.members();
      String method = members.stringOrNull("method");
      RawJson id = members.get("id");
      if (method != null) {
        if (method.equals("$/ping")) {
          notify("$/pong", null);
        }
      } else if (id != null && id.toString().equals("\"h\"")) {
        greetingAnswered(members);
      } else if (id != null) {
        answered(id.asLong(), members);
      }
    }

    private void greetingAnswered(JsonMembers members) {
      RawJson result = members.get("result");
      if (result == null) {
        abort(); // refused; it will come again
        return;
      }
      welcomed = true;
      Welcome welcome = Welcome.read(result);
      Welcome last = session;
      sessionId = welcome.session();
      resumed = welcome.resumed();
      session = welcome;
      if (resumed) {
        goOn(welcome, last);
      } else {
        beginAgain();
      }
    }

    private void goOn(Welcome welcome, @Nullable Welcome last) {
      if (last == null || !last.session().equals(welcome.session())) {
        book.wrong(name + " resumed a session that was not its own");
        return;
      }
      if (welcome.generation() <= last.generation()) {
        book.wrong(name + " got generation " + welcome.generation() + " again");
      }
      for (long id : pending) {
        String fate = String.valueOf(welcome.calls().get(id));
        switch (fate) {
          case "done", "running" -> asked.add(id);
          case "new" -> {
            entry(id).isNew();
            again(id);
          }
          default -> book.wrong(entry(id) + " of " + name + " is " + fate);
        }
      }
    }

    private void beginAgain() {
      answered.clear();
      for (long id : pending) {
        SessionBook.Entry entry = entry(id);
        open.remove(id);
        if (entry.idempotent) {
          call(entry);
        } else {
          entry.end(SessionBook.End.PERHAPS);
        }
      }
    }

    private void answered(long id, JsonMembers members) {
      if (!welcomed) {
        book.wrong(name + " was answered " + id + " before its hello");
      }
      if (!asked.remove(id) || !open.containsKey(id)) {
        book.wrong(name + " was answered " + id + " which it does not wait for here");
        return;
      }
      SessionBook.Entry entry = entry(id);
      open.remove(id);
      answered.add(id);
      JsonMembers error = members.object("error");
      if (error == null) {
        if (!String.valueOf(members.get("result")).equals("" + entry.number)) {
          book.wrong(entry + " was answered " + members.get("result"));
        }
        entry.end(SessionBook.End.ANSWERED);
      } else {
        if (!REFUSALS.contains((int) error.integer("code"))) {
          book.wrong(
              entry + " of " + name + " under " + id + " was refused: " + members.get("error"));
        }
        entry.end(SessionBook.End.REFUSED);
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      book.wrong("binary");
    }

    @Override
    public void onClosed(int code, String reason) {
      ended(code);
    }

    private void ended(int code) {
      over = true;
      former.remove(this);
      if (current == this) {
        current = null;
        if (code == REPLACED) {
          forget();
        }
      }
    }

    // ---- what it does

    boolean belongsTo(@Nullable Welcome welcome) {
      return welcome != null && welcome.session().equals(sessionId);
    }

    void notify(String method, @Nullable String params) {
      say(
          "{\"jsonrpc\":\"2.0\",\"method\":\""
              + method
              + "\""
              + (params == null ? "" : ",\"params\":" + params)
              + "}");
    }

    void say(String text) {
      onLine(to -> to.sendText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    void abort() {
      onLine(Transport::abort);
    }

    void close() {
      onLine(to -> to.close(1000, "bye"));
    }

    void reading(boolean on) {
      onLine(to -> to.reading(on));
    }

    private void onLine(Consumer<Transport> deed) {
      Transport to = transport;
      if (to != null && !over) {
        to.loop().execute(() -> deed.accept(to));
      }
    }
  }
}
