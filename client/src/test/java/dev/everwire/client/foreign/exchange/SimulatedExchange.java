package dev.everwire.client.foreign.exchange;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * An exchange that trades at random and has house rules: it pings every 15 s and hangs up on who
 * does not answer within 10 s, bans who subscribes more than 5 times in a second, and ends every
 * connection after 24 hours. Lives on the one loop of its listener; its figures are read when
 * nothing runs.
 */
final class SimulatedExchange implements Acceptor, AutoCloseable {
  private static final Duration PING_EVERY = Duration.ofSeconds(15);
  private static final Duration PONG_WITHIN = Duration.ofSeconds(10);
  private static final Duration LIFETIME = Duration.ofHours(24);
  private static final int SUBSCRIBES_PER_SECOND = 5;
  private static final List<String> SIDES = List.of("a", "b");

  private final Listener.Listening listening;
  private final Loop loop;
  private final Set<String> symbols;
  private final Random random;
  private final Duration every;
  private final Map<String, Ladder> books = new LinkedHashMap<>();
  private final Map<String, Long> sequences = new LinkedHashMap<>(); // by channel
  private final Set<Guest> guests = new LinkedHashSet<>();
  private int connections;
  private int bans;
  private int hangups;
  private int pongs;
  private boolean closed;

  /**
   * @param every how often something happens in each symbol
   */
  SimulatedExchange(Listener listener, Set<String> symbols, Duration every, Random random)
      throws IOException {
    this.symbols = symbols;
    this.random = random;
    this.every = every;
    for (String symbol : symbols) {
      books.put(symbol, new Ladder());
    }
    this.listening = listener.listen(this);
    this.loop = listening.loops().getFirst();
    loop.execute(this::trade);
  }

  URI uri() {
    return URI.create("ws://" + listening.host() + ":" + listening.port() + "/ws");
  }

  int connections() {
    return connections;
  }

  /** Who subscribed too often. */
  int bans() {
    return bans;
  }

  /** Who did not answer a ping. */
  int hangups() {
    return hangups;
  }

  int pongs() {
    return pongs;
  }

  String book(String symbol) {
    return String.valueOf(books.get(symbol));
  }

  /** The number of the last trade. */
  long trades(String symbol) {
    return sequences.getOrDefault(ExchangeProtocol.trades(symbol), 0L);
  }

  @Override
  public void close() {
    closed = true;
    listening.close();
  }

  // ---- the market

  private void trade() {
    if (closed) {
      return;
    }
    for (String symbol : symbols) {
      change(symbol);
      if (random.nextInt(3) == 0) {
        JsonWriter trade = event(ExchangeProtocol.trades(symbol));
        trade.name("price").value(100 + random.nextInt(10)).name("qty").value(1);
        tell(ExchangeProtocol.trades(symbol), trade);
      }
    }
    after(every, this::trade);
  }

  private void change(String symbol) {
    String side = SIDES.get(random.nextInt(2));
    long price = 90 + random.nextInt(20);
    long quantity = random.nextInt(5);
    Ladder book = books.get(symbol);
    if (book != null) {
      book.put(side, price, quantity);
      JsonWriter update = event(ExchangeProtocol.book(symbol));
      update.name("side").value(side).name("price").value(price).name("qty").value(quantity);
      tell(ExchangeProtocol.book(symbol), update);
    }
  }

  private JsonWriter event(String channel) {
    long number = sequences.merge(channel, 1L, Long::sum);
    return new JsonWriter().beginObject().name("ch").value(channel).name("seq").value(number);
  }

  private void tell(String channel, JsonWriter event) {
    String text = event.endObject().toRawJson().toString();
    for (Guest guest : Set.copyOf(guests)) {
      if (guest.channels.contains(channel)) {
        guest.say(text);
      }
    }
  }

  private void after(Duration delay, Runnable task) {
    try {
      loop.schedule(delay.toNanos(), task);
    } catch (RejectedExecutionException e) {
      closed = true;
    }
  }

  // ---- guests

  @Override
  public Answer upgrade(Handshake handshake) {
    return new Accept(null, TransportLimits.SERVER, this::open);
  }

  @Override
  public void http(HttpRequest request, Consumer<HttpReply> reply) {
    reply.accept(HttpReply.text(404, "no"));
  }

  private Receiver open(Transport transport) {
    connections++;
    Guest guest = new Guest(transport);
    guests.add(guest);
    after(LIFETIME, () -> guest.end("24 hours"));
    after(PING_EVERY, guest::ping);
    return guest;
  }

  private final class Guest implements Receiver {
    private final Transport transport;
    private final Set<String> channels = new HashSet<>();
    private long asked; // subscribes in this second
    private long second;
    private boolean owes; // a pong

    Guest(Transport transport) {
      this.transport = transport;
    }

    void say(String text) {
      var unused = transport.sendText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    void ping() {
      if (guests.contains(this)) {
        owes = true;
        say("{\"ping\":" + loop.wallTime().getEpochSecond() + "}");
        after(PONG_WITHIN, this::hangUp);
        after(PING_EVERY, this::ping);
      }
    }

    private void hangUp() {
      if (owes && guests.contains(this)) {
        hangups++;
        end("no pong");
      }
    }

    void end(String why) {
      if (guests.remove(this)) {
        transport.close(1000, why);
      }
    }

    @Override
    public void onText(ByteBuffer utf8) {
      JsonMembers said = RawJson.parse(StandardCharsets.UTF_8.decode(utf8).toString()).members();
      if (said.get("pong") != null) {
        owes = false;
        pongs++;
        return;
      }
      long id = said.integer("id");
      List<String> params = said.strings("params");
      switch (said.string("method")) {
        case "SUBSCRIBE" -> subscribe(id, params);
        case "UNSUBSCRIBE" -> {
          channels.removeAll(Set.copyOf(params));
          say("{\"id\":" + id + ",\"ok\":true}");
        }
        case "BOOK" -> sayBook(id, params.getFirst());
        default -> say("{\"id\":" + id + ",\"ok\":false,\"why\":\"no such method\"}");
      }
    }

    private void subscribe(long id, List<String> params) {
      long now = loop.wallTime().getEpochSecond();
      asked = now == second ? asked + 1 : 1;
      second = now;
      if (asked > SUBSCRIBES_PER_SECOND) {
        bans++;
        guests.remove(this);
        transport.close(1008, "banned");
        return;
      }
      channels.addAll(params);
      say("{\"id\":" + id + ",\"ok\":true}");
    }

    private void sayBook(long id, String symbol) {
      long number = sequences.getOrDefault(ExchangeProtocol.book(symbol), 0L);
      say("{\"id\":" + id + ",\"ok\":true,\"seq\":" + number + ",\"levels\":" + book(symbol) + "}");
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      end("text only");
    }

    @Override
    public void onClosed(int code, String reason) {
      guests.remove(this);
    }
  }
}
