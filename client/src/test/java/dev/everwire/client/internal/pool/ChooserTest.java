package dev.everwire.client.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.PoolStrategy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChooserTest {

  private static final class Member implements Chooser.Standing {
    final String name;
    boolean ready = true;
    boolean gone;
    int load;

    Member(int i) {
      this.name = Integer.toString(i);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean ready() {
      return ready;
    }

    @Override
    public boolean gone() {
      return gone;
    }
  }

  private final List<Member> members = members(4);

  @Test
  void oneAfterTheOther() {
    Chooser chooser = new Chooser(PoolStrategy.ROUND_ROBIN);

    assertThat(choose(chooser, null, 6)).containsExactly("0", "1", "2", "3", "0", "1");
    members.get(2).ready = false;
    assertThat(choose(chooser, "t", 4)).containsExactly("3", "0", "1", "3");
  }

  @Test
  void theLeastLoadedAndEqualsTakeTurns() {
    Chooser chooser = new Chooser(PoolStrategy.LEAST_PENDING);
    members.get(0).load = 5;
    members.get(1).load = 2;
    members.get(2).load = 7;
    members.get(3).load = 2;

    assertThat(choose(chooser, null, 4)).containsExactly("1", "3", "1", "3");
    members.get(1).ready = false;
    members.get(3).gone = true;
    assertThat(choose(chooser, null, 1)).containsExactly("0");
  }

  @Test
  void aTopicStaysWhereItIsAndOnlyThoseOfALostMemberChange() {
    Chooser chooser = new Chooser(PoolStrategy.BY_TOPIC_HASH);
    Map<String, String> before = places(chooser);

    members.get(1).ready = false;
    Map<String, String> without = places(chooser);
    members.get(1).ready = true;

    assertThat(places(chooser)).isEqualTo(before);
    before.forEach((topic, name) -> {
      if (name.equals("1")) {
        assertThat(without.get(topic)).isNotEqualTo("1");
      } else {
        assertThat(without).containsEntry(topic, name);
      }
    });
    for (Member member : members) {
      assertThat(before.values().stream().filter(member.name::equals)).hasSizeBetween(200, 300);
    }
  }

  @Test
  void aTopicsPlaceIsTheSameInEveryProcess() {
    assertThat(Chooser.weight("prices/eur", "0")).isEqualTo(8493808069026387455L);
  }

  @Test
  void whatHasNoTopicGoesWhereLeastIsPending() {
    Chooser chooser = new Chooser(PoolStrategy.BY_TOPIC_HASH);
    members.forEach(member -> member.load = 3);
    members.get(2).load = 1;

    assertThat(choose(chooser, null, 2)).containsExactly("2", "2");
  }

  @Test
  void whoIsNotReadyIsChosenOnlyIfNobodyIsAndWhoIsGoneNever() {
    for (PoolStrategy strategy : PoolStrategy.values()) {
      List<Member> some = members(3);
      Chooser chooser = new Chooser(strategy);
      some.forEach(member -> member.ready = false);
      some.get(1).gone = true;
      for (int i = 0; i < 20; i++) {
        assertThat(name(chooser.choose(some, "t" + i, member -> member.load))).isIn("0", "2");
      }
      some.get(2).gone = true;
      assertThat(name(chooser.choose(some, "t", member -> member.load))).isEqualTo("0");
      some.get(0).gone = true;
      assertThat(chooser.choose(some, "t", member -> member.load)).isNull();
    }
  }

  /** Against a plain model, over random histories. */
  @Test
  void whateverHappensTheChoiceIsOneOfTheBest() {
    for (long seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Member> all = members(random.nextInt(1, 7));
      PoolStrategy strategy = PoolStrategy.values()[random.nextInt(3)];
      Chooser chooser = new Chooser(strategy);
      Map<String, Integer> used = new HashMap<>();
      boolean calm = random.nextBoolean(); // nobody comes or goes
      for (int step = 0; step < 60; step++) {
        Member one = all.get(random.nextInt(all.size()));
        if (!calm) {
          one.ready = random.nextInt(3) > 0;
          one.gone = one.gone || random.nextInt(60) == 0;
        }
        String topic = random.nextBoolean() ? null : "t" + random.nextInt(5);
        Member chosen = chooser.choose(all, topic, member -> member.load);
        check(seed, strategy, all, topic, chosen);
        if (chosen != null) {
          chosen.load++;
          used.merge(chosen.name, 1, Integer::sum);
        }
      }
      if (calm && strategy != PoolStrategy.BY_TOPIC_HASH) {
        int share = 60 / all.size();
        assertThat(used.values()).as("seed %d", seed).allMatch(n -> Math.abs(n - share) <= 1);
      }
    }
  }

  private static void check(
      long seed,
      PoolStrategy strategy,
      List<Member> all,
      @Nullable String topic,
      @Nullable Member chosen) {
    List<Member> best = all.stream().filter(member -> !member.gone && member.ready).toList();
    if (best.isEmpty()) {
      best = all.stream().filter(member -> !member.gone).toList();
    }
    if (best.isEmpty()) {
      assertThat(chosen).as("seed %d", seed).isNull();
      return;
    }
    assertThat(chosen).as("seed %d", seed).isIn(best);
    assertThat(chosen).isNotNull();
    if (strategy == PoolStrategy.BY_TOPIC_HASH && topic != null) {
      for (Member other : best) {
        assertThat(
                Long.compareUnsigned(
                    Chooser.weight(topic, chosen.name), Chooser.weight(topic, other.name)))
            .as("seed %d", seed)
            .isNotNegative();
      }
    } else if (strategy != PoolStrategy.ROUND_ROBIN) {
      assertThat(best).as("seed %d", seed).allMatch(other -> other.load >= chosen.load);
    }
  }

  private Map<String, String> places(Chooser chooser) {
    Map<String, String> places = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      String topic = "prices/" + i;
      places.put(topic, name(chooser.choose(members, topic, member -> member.load)));
    }
    return places;
  }

  private List<String> choose(Chooser chooser, @Nullable String topic, int times) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      names.add(name(chooser.choose(members, topic, member -> member.load)));
    }
    return names;
  }

  private static String name(@Nullable Member member) {
    assertThat(member).isNotNull();
    return member.name;
  }

  private static List<Member> members(int count) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(new Member(i));
    }
    return members;
  }
}
