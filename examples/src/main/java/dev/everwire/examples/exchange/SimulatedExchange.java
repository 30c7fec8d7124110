package dev.everwire.examples.exchange;

import dev.everwire.Everwire;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.session.flow.TokenBucket;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An exchange with everything that makes exchanges hard to follow: what it says as {@link
 * ExchangeProtocol} writes it down. What happens on its markets, its caller decides.
 */
final class SimulatedExchange implements AutoCloseable {
  /** So many subscribes at once, and so many a second; one more, and the connection is closed. */
  static final int SUBSCRIBES_AT_ONCE = 9;

  static final double SUBSCRIBES_PER_SECOND = 20;

  private static final int TOO_FAST = 1008;

  private static final class Market {
    final NavigableMap<BigDecimal, BigDecimal> levels = new TreeMap<>();
    long last; // number of the last change
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Market> markets; // what is in them is guarded by lock
  private final List<Visit> visits = new CopyOnWriteArrayList<>();
  private final AtomicInteger pongs = new AtomicInteger();
  private final Server server;

  SimulatedExchange(Set<String> names) throws IOException {
    this.markets = names.stream().collect(Collectors.toMap(name -> name, name -> new Market()));
    this.server = Everwire.server(0).raw("/stream", TransportLimits.SERVER, this::visit).start();
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.port() + "/stream");
  }

  // ---- what happens

  void trade(String market, String price, String quantity) {
    tell(market + "/trades", "{\"price\":%s,\"quantity\":%s}".formatted(price, quantity));
  }

  /** A change of the book that everybody who follows it hears of. */
  void change(String market, String price, String quantity) {
    tell(market + "/book", changed(market, price, quantity));
  }

  /** A change that gets lost on its way to everybody. */
  void changeUnheard(String market, String price, String quantity) {
    changed(market, price, quantity);
  }

  void ping() {
    visits.forEach(visit -> visit.send("{\"ping\":1764000000}"));
  }

  /** The day is over for everybody who is here. */
  void endOfDay() {
    visits.forEach(visit -> visit.send("{\"event\":\"shutdown\"}"));
  }

  // ---- how it fares

  NavigableMap<BigDecimal, BigDecimal> levels(String market) {
    lock.lock();
    try {
      return new TreeMap<>(market(market).levels);
    } finally {
      lock.unlock();
    }
  }

  int pongs() {
    return pongs.get();
  }

  @Override
  public void close() {
    server.close();
  }

  private Market market(String name) {
    Market market = markets.get(name);
    if (market == null) {
      throw new IllegalArgumentException("no market: " + name);
    }
    return market;
  }

  private String changed(String market, String price, String quantity) {
    lock.lock();
    try {
      Market there = market(market);
      there.last++;
      BigDecimal wanted = new BigDecimal(quantity);
      if (wanted.signum() == 0) {
        there.levels.remove(new BigDecimal(price));
      } else {
        there.levels.put(new BigDecimal(price), wanted);
      }
      return "{\"number\":%d,\"level\":%s}".formatted(there.last, level(price, quantity));
    } finally {
      lock.unlock();
    }
  }

  private String depth(String market) {
    lock.lock();
    try {
      Market there = market(market);
      List<String> levels = new ArrayList<>();
      there.levels.forEach(
          (price, quantity) -> levels.add(level(price.toPlainString(), quantity.toPlainString())));
      return "{\"last\":%d,\"levels\":%s}".formatted(there.last, levels);
    } finally {
      lock.unlock();
    }
  }

  private static String level(String price, String quantity) {
    return "{\"price\":%s,\"quantity\":%s}".formatted(price, quantity);
  }

  private void tell(String stream, String data) {
    String text = "{\"stream\":\"%s\",\"data\":%s}".formatted(stream, data);
    visits.forEach(visit -> visit.tell(stream, text));
  }

  private Receiver visit(Transport transport) {
    Visit visit = new Visit(transport);
    visits.add(visit);
    return visit;
  }

  /** One connection. On its loop, but for {@link #send} and {@link #tell}. */
  private final class Visit implements Receiver {
    private final Transport transport;
    private final Set<String> streams = new HashSet<>();
    private final TokenBucket patience;

    Visit(Transport transport) {
      this.transport = transport;
      this.patience =
          new TokenBucket(SUBSCRIBES_AT_ONCE, SUBSCRIBES_PER_SECOND, transport.loop().now());
    }

    void tell(String stream, String text) {
      transport
          .loop()
          .execute(() -> {
            if (streams.contains(stream)) {
              transport.sendText(utf8(text));
            }
          });
    }

    void send(String text) {
      transport.loop().execute(() -> transport.sendText(utf8(text)));
    }

    @Override
    public void onText(ByteBuffer utf8) {
      JsonMembers message = RawJson.parse(StandardCharsets.UTF_8.decode(utf8).toString()).members();
      if (message.get("pong") != null) {
        pongs.incrementAndGet();
        return;
      }
      boolean subscribes = message.string("method").equals("subscribe");
      if (subscribes && !patience.tryAcquire(transport.loop().now())) {
        transport.close(TOO_FAST, "too many subscribes");
        return;
      }
      transport.sendText(utf8(answer(message)));
    }

    private String answer(JsonMembers message) {
      RawJson id = message.get("id");
      try {
        return "{\"id\":%s,\"result\":%s}".formatted(id, result(message));
      } catch (IllegalArgumentException e) {
        return "{\"id\":%s,\"error\":%s}"
            .formatted(id, RawJson.string(String.valueOf(e.getMessage())));
      }
    }

    private @Nullable String result(JsonMembers message) {
      if (message.string("method").equals("depth")) {
        return depth(message.string("market"));
      }
      String stream = message.string("stream");
      market(stream.replaceFirst("/.*", ""));
      boolean unused =
          message.string("method").equals("subscribe")
              ? streams.add(stream)
              : streams.remove(stream);
      return null;
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {
      visits.remove(this);
    }
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
