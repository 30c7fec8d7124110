package dev.everwire.benchmarks;

import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.Offer;
import dev.everwire.server.Server;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A server with very many sessions and no network: what the layer above the transport costs. All
 * connections say hello and answer every ping; time is virtual. Prints live heap for each session
 * and the processor time of a second of heartbeats.
 *
 * <p>{@code java -Xmx8g -XX:+UseCompactObjectHeaders -cp … dev.everwire.benchmarks.ManySessions
 * [sessions=1000000] [seconds=50] [resumable=yes]}
 */
public final class ManySessions {
  private static final long TICK = 100_000_000; // nanoseconds of a turn of the wheel
  private static final ByteBuffer PONG = utf8("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");

  private final OneLoop loop = new OneLoop();
  private @Nullable Acceptor acceptor;
  private long pings;
  private long answers;

  private ManySessions() {}

  public static void main(String[] arguments) throws Exception {
    int sessions = 1_000_000;
    int seconds = 50;
    boolean resumable = true;
    for (String argument : arguments) {
      String[] word = argument.split("=", 2);
      switch (word[0]) {
        case "sessions" -> sessions = Integer.parseInt(word[1]);
        case "seconds" -> seconds = Integer.parseInt(word[1]);
        case "resumable" -> resumable = word[1].equals("yes");
        default -> throw new IllegalArgumentException(argument);
      }
    }
    new ManySessions().run(sessions, seconds, resumable);
  }

  private void run(int sessions, int seconds, boolean resumable) throws Exception {
    Server server =
        Server.builder()
            .listen(new OneListener())
            .values(JacksonValues.create())
            .random(new SplittableRandom(1)) // one thread asks it
            .drain(DrainPlan.DEFAULT.within(Duration.ZERO))
            .start();
    connect(1_000, resumable); // what a server has anyway
    loop.advance(1);
    long before = liveBytes();
    long cpu = cpuNanos();
    connect(sessions, resumable);
    double connectSeconds = (cpuNanos() - cpu) / 1e9;
    long after = liveBytes();
    print("%,d sessions, hello said, %s", sessions, resumable ? "kept when lost" : "not kept");
    print(
        "live heap   %,d B each, with the stand-in for the transport", (after - before) / sessions);
    print("hello       %.0f a CPU second", sessions / connectSeconds);
    loop.advance(26); // warm
    long pingsBefore = pings;
    cpu = cpuNanos();
    loop.advance(seconds);
    double spent = (cpuNanos() - cpu) / 1e9;
    print(
        "heartbeats  %,d in %d s of virtual time: %.3f CPU seconds for each, %.2f µs a heartbeat",
        pings - pingsBefore, seconds, spent / seconds, 1e6 * spent / (pings - pingsBefore));
    if (answers != sessions + 1_000L || server.connections() != sessions + 1_000) {
      throw new IllegalStateException(answers + " answers, " + server.connections() + " are there");
    }
  }

  private void connect(int sessions, boolean resumable) {
    Acceptor gate = Objects.requireNonNull(acceptor);
    Handshake handshake = new Handshake("/ws", Map.of(), Map.of(), List.of(), "192.0.2.1:1");
    ByteBuffer hello =
        utf8(
            "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1,\"caps\":["
                + (resumable ? "\"ack\"" : "")
                + "]}}");
    for (int i = 0; i < sessions; i++) {
      if (!(gate.upgrade(handshake) instanceof Acceptor.Accept accept)) {
        throw new IllegalStateException("refused");
      }
      Line line = new Line();
      line.receiver = accept.open().apply(line);
      line.receiver.onText(hello.duplicate());
      loop.runAll();
    }
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
  }

  private static long liveBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  /** Stands in for a connection: answers a ping, forgets everything else. */
  private final class Line implements Transport {
    private @Nullable Receiver receiver;
    private long lastReceivedAt = loop.now();

    @Override
    public Offer sendText(ByteBuffer utf8) {
      if (utf8.remaining() > 60) {
        answers++;
      } else {
        pings++;
        loop.execute(() -> {
          lastReceivedAt = loop.now();
          Objects.requireNonNull(receiver).onText(PONG.duplicate());
        });
      }
      return Offer.QUEUED;
    }

    @Override
    public Offer send(Encoded message) {
      return Offer.QUEUED;
    }

    @Override
    public Offer sendBinary(ByteBuffer bytes) {
      return Offer.QUEUED;
    }

    @Override
    public Loop loop() {
      return loop;
    }

    @Override
    public String remoteAddress() {
      return "192.0.2.1:1";
    }

    @Override
    public void ping() {
      lastReceivedAt = loop.now();
    }

    @Override
    public long queuedBytes() {
      return 0;
    }

    @Override
    public int queuedMessages() {
      return 0;
    }

    @Override
    public long lastReceivedAt() {
      return lastReceivedAt;
    }

    @Override
    public void limitMessages(int maxBytes) {}

    @Override
    public void reading(boolean on) {}

    @Override
    public void close(int code, String reason) {
      throw new IllegalStateException("closed with " + code + ": " + reason);
    }

    @Override
    public void abort() {}

    @Override
    public boolean open() {
      return true;
    }
  }

  private final class OneListener implements Listener, Listener.Listening {
    @Override
    public Listening listen(Acceptor gate) {
      acceptor = gate;
      return this;
    }

    @Override
    public String host() {
      return "nowhere";
    }

    @Override
    public int port() {
      return 0;
    }

    @Override
    public List<Loop> loops() {
      return List.of(loop);
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void close() {}
  }

  /** A loop with a wheel of timers, moved by hand. */
  private static final class OneLoop implements Loop {
    private static final int SLOTS = 4_096;

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<@Nullable List<Waiting>> wheel = new ArrayList<>();
    private long tick;

    OneLoop() {
      for (int i = 0; i < SLOTS; i++) {
        wheel.add(null);
      }
    }

    private static final class Waiting implements Timer {
      private final long due; // tick
      private @Nullable Runnable task;

      Waiting(long due, Runnable task) {
        this.due = due;
        this.task = task;
      }

      @Override
      public void cancel() {
        task = null;
      }
    }

    void advance(int seconds) {
      for (long end = tick + seconds * 1_000_000_000L / TICK; tick < end; ) {
        tick++;
        int slot = (int) (tick % SLOTS);
        List<Waiting> due = wheel.set(slot, null);
        if (due != null) {
          for (Waiting waiting : due) {
            if (waiting.due > tick) {
              put(waiting); // another turn of the wheel
            } else if (waiting.task != null) {
              waiting.task.run();
              runAll();
            }
          }
        }
        runAll();
      }
    }

    void runAll() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public boolean inLoop() {
      return true;
    }

    @Override
    public long now() {
      return tick * TICK;
    }

    @Override
    public Instant wallTime() {
      return Instant.ofEpochSecond(1_800_000_000).plusNanos(now());
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      Waiting waiting = new Waiting(tick + Math.max(1, (delayNanos + TICK - 1) / TICK), task);
      put(waiting);
      return waiting;
    }

    private void put(Waiting waiting) {
      int slot = (int) (waiting.due % SLOTS);
      List<Waiting> there = wheel.get(slot);
      if (there == null) {
        there = new ArrayList<>();
        wheel.set(slot, there);
      }
      there.add(waiting);
    }
  }
}
