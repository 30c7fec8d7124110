package dev.everwire.client.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls over links that are cut at random, and a server that remembers what it executed. */
class KeptRandomTest {
  private static final Duration WINDOW = Duration.ofHours(1);
  private static final int STEPS = 400;

  /** One session of the server. */
  private static final class Session {
    final Map<Long, String> received = new HashMap<>();
    final Set<Long> answered = new HashSet<>();
    long highest;
    long last; // number given by the client
  }

  private final Map<String, Integer> executions = new HashMap<>();
  private Random random = new Random();
  private QueueByHand h = new QueueByHand(WhileAway.DEFAULT);
  private Session session = new Session();
  private @Nullable Link link;
  private int made;

  /** One connection of the session. */
  private final class Link implements Wire {
    final TreeMap<Long, OutboundCall> open = new TreeMap<>();
    final Deque<Map.Entry<Long, String>> transit = new ArrayDeque<>();
    boolean dead;

    private Outgoing.Running send(long number, OutboundCall call) {
      assertThat(session.received).as("sent again").doesNotContainKey(number);
      transit.add(Map.entry(number, call.method()));
      return await(number, call);
    }

    private Outgoing.Running await(long number, OutboundCall call) {
      assertThat(open.put(number, call)).isNull();
      return new Outgoing.Running() {
        @Override
        public void cancel() {
          OutboundCall mine = open.remove(number);
          if (mine != null) {
            mine.done().complete(new CallOutcome.Cancelled());
          }
        }

        @Override
        public long number() {
          return number;
        }

        @Override
        public void grant(int n) {}

        @Override
        public void readerWaits(boolean on) {}
      };
    }

    @Override
    public Outgoing.Running call(OutboundCall call) {
      return send(++session.last, call);
    }

    @Override
    public Outgoing.Running again(long number, OutboundCall call) {
      return send(number, call);
    }

    @Override
    public Outgoing.Running adopt(long number, OutboundCall call) {
      assertThat(session.received).containsKey(number);
      return await(number, call);
    }

    @Override
    public void giveUp(long number) {}

    @Override
    public List<Outgoing.Running> batch(List<Outgoing.Member> members) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Offer offer(String method, @Nullable RawJson params) {
      return Offer.QUEUED;
    }

    @Override
    public Offer send(String method, @Nullable RawJson params) {
      return Offer.QUEUED;
    }

    @Override
    public boolean open() {
      return !dead;
    }

    @Override
    public long unsentBytes() {
      return 0;
    }

    void arrive() {
      Map.Entry<Long, String> next = transit.poll();
      if (next != null) {
        assertThat(next.getKey()).as("in order").isGreaterThan(session.highest);
        session.highest = next.getKey();
        session.received.put(next.getKey(), next.getValue());
        executions.merge(next.getValue(), 1, Integer::sum);
      }
    }

    void answer() {
      List<Long> known = open.keySet().stream().filter(session.received::containsKey).toList();
      if (!known.isEmpty()) {
        long number = known.get(random.nextInt(known.size()));
        session.answered.add(number);
        OutboundCall call = open.remove(number);
        if (call != null) {
          call.done().complete(new CallOutcome.Answered(RawJson.NULL));
        }
      }
    }

    void cut() {
      dead = true;
      List<OutboundCall> all = new ArrayList<>(open.values());
      Collections.shuffle(all, random);
      open.clear();
      boolean before = random.nextBoolean(); // whether the client noticed it first
      if (before) {
        h.queue.offline();
      }
      all.forEach(call -> call.done().complete(new CallOutcome.Lost(true, "cut")));
      if (!before) {
        h.queue.offline();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 8842, 19})
  void everyCallEndsOnceAndNoneIsExecutedTwice(long first) {
    for (long seed = first * 100; seed < first * 100 + 20; seed++) {
      try {
        run(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private void run(long seed) {
    random = new Random(seed);
    executions.clear();
    h = new QueueByHand(WhileAway.DEFAULT);
    session = new Session();
    link = null;
    made = 0;
    List<Outgoing.Running> running = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      Link now = link;
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> running.add(make());
        case 3, 4, 5 -> {
          if (now != null) {
            now.arrive();
          }
        }
        case 6, 7, 8 -> {
          if (now != null) {
            now.answer();
          }
        }
        case 9 -> {
          if (now != null) {
            now.cut();
            link = null;
          }
        }
        case 10 -> {
          if (now == null) {
            come();
          }
        }
        default -> {
          if (!running.isEmpty() && random.nextInt(4) == 0) {
            running.get(random.nextInt(running.size())).cancel();
          }
        }
      }
    }
    finish();
  }

  private Outgoing.Running make() {
    CallOptions options = CallOptions.withoutDeadline();
    boolean idempotent = random.nextInt(4) == 0;
    String name = (idempotent ? "i" : "n") + made++;
    return h.call(name, idempotent ? options.idempotent() : options);
  }

  private void come() {
    Map<Long, String> fates = new HashMap<>();
    boolean resumed = random.nextInt(5) > 0;
    if (resumed) {
      for (long number : h.queue.unanswered()) {
        boolean forgotten = random.nextInt(10) == 0;
        fates.put(
            number,
            number > session.highest
                ? "new"
                : forgotten ? "unknown" : session.answered.contains(number) ? "done" : "running");
      }
    } else {
      session = new Session();
    }
    Link next = new Link();
    link = next;
    h.queue.online(next, 16, new Resumption(WINDOW, resumed, fates), () -> {});
  }

  private void finish() {
    if (link == null) {
      come();
    }
    Link last = link;
    assertThat(last).isNotNull();
    while (!last.open.isEmpty() || !last.transit.isEmpty()) {
      last.arrive();
      last.answer();
    }
    h.assertExhausted();
    assertThat(h.outcomes).hasSize(made);
    h.outcomes.forEach((name, outcome) -> {
      int times = executions.getOrDefault(name, 0);
      if (name.startsWith("n")) {
        assertThat(times).as(name).isLessThanOrEqualTo(1);
      }
      switch (outcome) {
        case CallOutcome.Answered answered -> assertThat(times).as(name).isPositive();
        case CallOutcome.Lost(boolean maybeExecuted, String why) -> {
          if (!maybeExecuted) {
            assertThat(times).as(name).isZero();
          }
        }
        default -> assertThat(outcome).as(name).isInstanceOf(CallOutcome.Cancelled.class);
      }
    });
  }
}
