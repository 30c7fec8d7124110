package dev.everwire.client.internal.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.internal.topic.Ending;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.json.RawJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SubscriptionBookTest {
  private static final Fault NO = Fault.of(7, "no such topic");
  private static final Duration WITHIN = Duration.ofNanos(100);

  private final List<String> failures = new ArrayList<>();
  private final List<String> wire = new ArrayList<>();
  private SubscriptionBook book = book(50, true);
  private int ids;

  private SubscriptionBook book(int batch, boolean confirmed) {
    return new SubscriptionBook(
        new SubscriptionBook.Rules(batch, confirmed, WITHIN, 1_000),
        (topic, why) -> failures.add(topic + " " + why.message()));
  }

  /** A reader that notes what it is told. */
  private static final class Notes implements SubscriptionBook.Feed {
    final List<String> heard = new ArrayList<>();

    @Override
    public void confirmed() {
      heard.add("on");
    }

    @Override
    public void resumed(long epoch) {
      heard.add("epoch" + epoch);
    }

    @Override
    public void update(RawJson data) {
      heard.add(data.toString());
    }

    @Override
    public void end(Ending why) {
      heard.add("end " + why);
    }
  }

  private Notes add(String topic) {
    Notes notes = new Notes();
    book.add(topic, notes);
    return notes;
  }

  /** Writes what is to be written; answers the id of the last subscribe. */
  private String write(long now) {
    for (var topics = book.toUnsubscribe(); !topics.isEmpty(); topics = book.toUnsubscribe()) {
      wire.add("-" + String.join(",", topics));
      book.unsubscribing(topics);
    }
    for (var topics = book.toSubscribe(); !topics.isEmpty(); topics = book.toSubscribe()) {
      wire.add("+" + String.join(",", topics));
      book.subscribing(topics, "id" + ++ids);
      book.subscribed("id" + ids, now);
    }
    return "id" + ids;
  }

  private void confirm(String id, String... topics) {
    book.answered(id, Set.of(topics), Map.of());
  }

  @Test
  void onlyTheFirstReaderSubscribesAndOnlyTheLastUnsubscribes() {
    book.online(1);
    Notes one = add("t");
    Notes two = add("t");
    confirm(write(0), "t");
    Notes three = add("t");
    write(0);
    book.remove("t", one);
    book.remove("t", two);
    write(0);
    assertThat(wire).containsExactly("+t");
    book.remove("t", three);
    book.remove("t", three);
    book.remove("t", one);
    write(0);
    assertThat(wire).containsExactly("+t", "-t");
    assertThat(book.size()).isZero();
  }

  @Test
  void everyReaderGetsEveryUpdate() {
    book.online(1);
    Notes one = add("t");
    Notes two = add("t");
    confirm(write(0), "t");
    assertThat(book.update("t", RawJson.number(1))).isTrue();
    assertThat(book.update("u", RawJson.number(1))).isFalse();
    assertThat(one.heard).containsExactly("on", "1");
    assertThat(two.heard).containsExactly("on", "1");
  }

  @Test
  void aTopicIsNotOnBeforeTheServiceSaysSo() {
    book.online(1);
    Notes notes = add("t");
    String id = write(0);
    assertThat(notes.heard).isEmpty();
    confirm("another", "t");
    assertThat(notes.heard).isEmpty();
    confirm(id, "t");
    assertThat(notes.heard).containsExactly("on");
  }

  @Test
  void whereNothingIsConfirmedToHaveWrittenIsEnough() {
    book = book(50, false);
    book.online(1);
    Notes notes = add("t");
    write(0);
    assertThat(notes.heard).containsExactly("on");
    assertThat(book.untilNext(0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void anUpdateSaysThatATopicIsOn() {
    book.online(1);
    Notes notes = add("t");
    write(0);
    book.update("t", RawJson.number(1));
    assertThat(notes.heard).containsExactly("on", "1");
    book.expire(100);
    assertThat(failures).isEmpty();
  }

  @Test
  void whatIsSubscribedWhileAwayIsAskedForOnce() {
    add("a");
    write(0);
    assertThat(wire).isEmpty();
    book.online(1);
    write(0);
    book.offline();
    add("b");
    book.online(2);
    write(0);
    write(0);
    assertThat(wire).containsExactly("+a", "+a,b");
  }

  @Test
  void whatIsUnsubscribedWhileAwayIsNotAskedForAgain() {
    book.online(1);
    Notes a = add("a");
    add("b");
    confirm(write(0), "a", "b");
    book.offline();
    book.remove("a", a);
    book.online(2);
    write(0);
    assertThat(wire).containsExactly("+a,b", "+b");
  }

  @Test
  void topicsAreRestoredInBatchesAndAReaderSeesWhereTheOtherConnectionBegins() {
    book.online(1);
    List<Notes> readers = IntStream.range(0, 120).mapToObj(i -> add("t" + i)).toList();
    write(0);
    for (int i = 1; i <= 3; i++) {
      confirm("id" + i, book.askedBy("id" + i).toArray(String[]::new));
    }
    book.offline();
    wire.clear();
    book.online(2);
    write(0);
    assertThat(wire).hasSize(3);
    assertThat(wire.get(0).split(",")).hasSize(50);
    assertThat(wire.get(2).split(",")).hasSize(20);
    confirm("id4", book.askedBy("id4").toArray(String[]::new));
    assertThat(readers.getFirst().heard).containsExactly("on", "epoch2", "on");
    assertThat(readers.getLast().heard).containsExactly("on");
  }

  @Test
  void onlySoManySubscribesWaitForTheirAnswers() {
    book = book(1, true);
    book.online(1);
    IntStream.range(0, 6).forEach(i -> add("t" + i));
    write(0);
    assertThat(wire).hasSize(SubscriptionBook.UNANSWERED);
    confirm("id1", "t0");
    write(0);
    assertThat(wire).hasSize(SubscriptionBook.UNANSWERED + 1);
  }

  @Test
  void aRefusedTopicIsReportedAndTheOthersGoOn() {
    book.online(1);
    Notes a = add("a");
    Notes b = add("b");
    String id = write(0);
    book.answered(id, Set.of("a"), Map.of("b", NO));
    assertThat(a.heard).containsExactly("on");
    assertThat(b.heard).containsExactly("end " + new Ending.Refused(NO));
    assertThat(failures).containsExactly("b no such topic");
    assertThat(book.names()).containsExactly("a");
    write(0);
    assertThat(wire).containsExactly("+a,b"); // no unsubscribe of what the service has not got
  }

  @Test
  void aTopicThatCannotBeRestoredEndsAndTheOthersGoOn() {
    book.online(1);
    Notes a = add("a");
    Notes b = add("b");
    confirm(write(0), "a", "b");
    book.offline();
    book.online(2);
    book.answered(write(0), Set.of("a"), Map.of("b", NO));
    assertThat(a.heard).containsExactly("on", "epoch2", "on");
    assertThat(b.heard).containsExactly("on", "end " + new Ending.Refused(NO));
    assertThat(failures).hasSize(1);
  }

  @Test
  void whatAnAnswerDoesNotNameGoesOnWaiting() {
    book.online(1);
    add("a");
    add("b");
    String id = write(0);
    confirm(id, "a");
    assertThat(book.waiting()).containsExactly("b");
    assertThat(book.asked(id)).isTrue();
    confirm(id, "b");
    assertThat(book.asked(id)).isFalse();
  }

  @Test
  void aSubscriptionThatIsNotConfirmedInTimeFails() {
    book.online(1);
    Notes notes = add("t");
    write(0);
    assertThat(book.untilNext(30)).isEqualTo(70);
    book.expire(99);
    assertThat(failures).isEmpty();
    book.expire(100);
    assertThat(failures).hasSize(1).first().asString().contains("not confirmed in " + WITHIN);
    assertThat(notes.heard).hasSize(1).first().asString().startsWith("end Refused");
    write(100);
    assertThat(wire).containsExactly("+t", "-t"); // only the answer may have been lost
  }

  @Test
  void aTopicWhoseRestoringIsNotAnsweredIsReportedAndAskedForAgain() {
    book.online(1);
    Notes notes = add("t");
    confirm(write(0), "t");
    book.offline();
    book.online(2);
    write(0);
    book.expire(100);
    assertThat(failures).hasSize(1);
    confirm(write(100), "t");
    assertThat(wire).containsExactly("+t", "+t", "+t");
    assertThat(notes.heard).containsExactly("on", "epoch2", "on");
  }

  @Test
  void theAnswerIsWaitedForFromWhenAllOfTheSubscribeWasWritten() {
    book.online(1);
    Notes notes = add("t");
    book.subscribing(book.toSubscribe(), "id1");
    book.expire(1_000);
    assertThat(book.untilNext(1_000)).isEqualTo(Long.MAX_VALUE);
    book.subscribed("id1", 1_000);
    assertThat(book.untilNext(1_000)).isEqualTo(100);
    assertThat(notes.heard).isEmpty();
  }

  @Test
  void anAnswerMayComeBeforeAllOfTheSubscribeWasWritten() {
    book.online(1);
    Notes notes = add("t");
    book.subscribing(book.toSubscribe(), "id1");
    confirm("id1", "t");
    book.subscribed("id1", 0);
    assertThat(notes.heard).containsExactly("on");
    assertThat(book.untilNext(0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void topicsThatCannotBeWrittenFail() {
    book.online(1);
    Notes notes = add("t");
    book.subscribing(book.toSubscribe(), "id1");
    book.unwritable("id1", NO);
    assertThat(notes.heard).containsExactly("end " + new Ending.Refused(NO));
    assertThat(failures).hasSize(1);
  }

  @Test
  void anAnswerWithoutAnIdCountsForWhateverItNames() {
    book.online(1);
    Notes a = add("a");
    write(0);
    Notes b = add("b");
    write(0);
    book.told(Set.of("a"), Map.of("b", NO));
    assertThat(a.heard).containsExactly("on");
    assertThat(b.heard).hasSize(1);
    assertThat(book.untilNext(0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whoComesBackBeforeTheUnsubscribeWasWrittenFindsTheTopicOn() {
    book.online(1);
    Notes first = add("t");
    confirm(write(0), "t");
    book.remove("t", first);
    Notes second = add("t");
    write(0);
    assertThat(wire).containsExactly("+t");
    assertThat(second.heard).containsExactly("on");
  }

  @Test
  void theAnswerToAFormerSubscribeDoesNotCountForALaterOne() {
    book.online(1);
    Notes first = add("t");
    String former = write(0);
    book.remove("t", first);
    write(0);
    Notes second = add("t");
    String later = write(0);
    confirm(former, "t");
    assertThat(second.heard).isEmpty();
    confirm(later, "t");
    assertThat(second.heard).containsExactly("on");
    assertThat(wire).containsExactly("+t", "-t", "+t");
  }

  @Test
  void whoComesBackAfterAFailureThatIsNotWrittenYetIsAskedForAgain() {
    book.online(1);
    add("t");
    book.subscribing(book.toSubscribe(), "id1");
    book.subscribed("id1", 0);
    book.expire(100);
    Notes again = add("t"); // before the unsubscribe was written
    book.subscribing(book.toSubscribe(), "id2");
    confirm("id2", "t");
    assertThat(again.heard).containsExactly("on");
    assertThat(book.toUnsubscribe()).isEmpty();
  }

  @Test
  void anAnswerThatNobodyReadsTellsWhoComesBack() {
    book.online(1);
    Notes first = add("t");
    String id = write(0);
    book.remove("t", first);
    confirm(id, "t");
    assertThat(add("t").heard).containsExactly("on");
    assertThat(book.toSubscribe()).isEmpty();
  }

  @Test
  void anAnswerThatDidNotComeWhileNobodyReadIsAskedForAgain() {
    book.online(1);
    Notes first = add("t");
    write(0);
    book.remove("t", first);
    book.expire(100);
    Notes second = add("t");
    confirm(write(100), "t");
    assertThat(second.heard).containsExactly("on");
    assertThat(failures).isEmpty();
  }

  @Test
  void theRefusalOfAFormerSubscribeLeavesALaterOneToBeUnsubscribed() {
    book.online(1);
    Notes first = add("t");
    String former = write(0);
    book.remove("t", first);
    write(0);
    Notes second = add("t");
    write(0);
    book.remove("t", second);
    book.answered(former, Set.of(), Map.of("t", NO));
    assertThat(book.toUnsubscribe()).containsExactly("t");
  }

  /** Against a service that keeps its own list, with writes and answers that lag behind. */
  @Test
  void inTheEndTheServiceHasWhatIsReadAndEveryReaderKnows() {
    for (int seed = 0; seed < 500; seed++) {
      new Run(seed).run();
    }
  }

  private final class Run {
    final int seed;
    final Random random;
    final SubscriptionBook book = SubscriptionBookTest.this.book(3, true);
    final Set<String> service = new TreeSet<>();
    final Map<String, Map<String, Boolean>> answers = new LinkedHashMap<>(); // by id and topic
    final Map<String, List<Notes>> readers = new TreeMap<>();
    long now;
    int ids;

    Run(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() {
      book.online(1);
      for (int step = 0; step < 200; step++) {
        now += random.nextInt(30);
        String topic = "t" + random.nextInt(5);
        switch (random.nextInt(8)) {
          case 0, 1 -> {
            Notes notes = new Notes();
            readers.computeIfAbsent(topic, name -> new ArrayList<>()).add(notes);
            book.add(topic, notes);
          }
          case 2 -> {
            List<Notes> all = readers.getOrDefault(topic, new ArrayList<>());
            if (!all.isEmpty()) {
              book.remove(topic, all.removeFirst());
            }
          }
          case 3 -> write(random.nextInt(4) > 0);
          case 4, 5 -> answer();
          case 6 -> book.expire(now);
          default -> {
            if (random.nextInt(6) == 0) {
              book.offline();
              service.clear();
              answers.clear();
              book.online(step + 2);
            }
          }
        }
        forgetEnded();
      }
      settle();
      assertThat(service).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(book.names());
      assertThat(book.waiting()).as("seed %d", seed).isEmpty();
      assertThat(book.untilNext(now)).as("seed %d", seed).isEqualTo(Long.MAX_VALUE);
      readers.forEach((topic, all) ->
          assertThat(all)
              .as("seed %d %s", seed, topic)
              .allMatch(notes -> notes.heard.contains("on")));
    }

    void write(boolean granted) {
      List<String> leaving = book.toUnsubscribe();
      if (!leaving.isEmpty() && random.nextBoolean()) {
        book.unsubscribing(leaving);
        leaving.forEach(service::remove);
        return;
      }
      List<String> wanted = book.toSubscribe();
      if (!wanted.isEmpty()) {
        String id = "id" + ++ids;
        book.subscribing(wanted, id);
        book.subscribed(id, now);
        Map<String, Boolean> said = new LinkedHashMap<>();
        for (String topic : wanted) {
          said.put(topic, granted);
          if (granted) {
            service.add(topic);
          } else {
            service.remove(topic);
          }
        }
        answers.put(id, said);
      }
    }

    void answer() {
      if (answers.isEmpty()) {
        return;
      }
      String id = answers.keySet().iterator().next();
      Set<String> confirmed = new TreeSet<>();
      Map<String, Fault> refused = new LinkedHashMap<>();
      answers
          .remove(id)
          .forEach((topic, granted) -> {
            if (granted) {
              confirmed.add(topic);
            } else {
              refused.put(topic, NO);
            }
          });
      book.answered(id, confirmed, refused);
    }

    void forgetEnded() {
      readers
          .values()
          .forEach(all ->
              all.removeIf(
                  notes -> notes.heard.stream().anyMatch(heard -> heard.startsWith("end"))));
    }

    void settle() {
      for (int i = 0; i < 200; i++) {
        write(true);
        answer();
        forgetEnded();
      }
    }
  }

  @Test
  void whoHearsOfTheEndMaySubscribeAgain() {
    book.online(1);
    Notes again = new Notes();
    book.add(
        "t",
        new SubscriptionBook.Feed() {
          @Override
          public void confirmed() {}

          @Override
          public void resumed(long epoch) {}

          @Override
          public void update(RawJson data) {}

          @Override
          public void end(Ending why) {
            book.add("t", again);
          }
        });
    book.answered(write(0), Set.of(), Map.of("t", NO));
    confirm(write(0), "t");
    assertThat(again.heard).containsExactly("on");
  }

  @Test
  void topicsAreBounded() {
    book =
        new SubscriptionBook(
            new SubscriptionBook.Rules(50, true, WITHIN, 1), (topic, why) -> failures.add(topic));
    add("a");
    assertThat(add("a").heard).isEmpty();
    assertThat(add("b").heard).hasSize(1).first().asString().contains("too many topics");
  }

  @Test
  void theEndReachesEverybodyOnceAndWhoComesLater() {
    book.online(1);
    Notes a = add("a");
    write(0);
    Ending lost = new Ending.Lost("closed");
    book.end(lost);
    book.end(lost);
    assertThat(a.heard).containsExactly("end " + lost);
    assertThat(add("b").heard).containsExactly("end " + lost);
    assertThat(book.toSubscribe()).isEmpty();
    assertThat(book.toUnsubscribe()).isEmpty();
  }
}
