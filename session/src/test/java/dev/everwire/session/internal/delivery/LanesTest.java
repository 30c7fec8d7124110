package dev.everwire.session.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Priority;
import dev.everwire.session.internal.delivery.Lanes.Waiting;
import dev.everwire.session.transport.Encoded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LanesTest {
  private final Lanes lanes = new Lanes();

  @Test
  void theMostUrgentGoesFirstAndEachLaneKeepsItsOrder() {
    lanes.add(Priority.LOW, waiting("l1"));
    lanes.add(Priority.NORMAL, waiting("n1"));
    lanes.add(Priority.HIGH, waiting("h1"));
    lanes.add(Priority.NORMAL, waiting("n2"));
    lanes.add(Priority.CRITICAL, waiting("c1"));
    lanes.addControl(waiting("answer1"));
    lanes.addControl(waiting("answer2"));

    assertThat(all()).containsExactly("answer1", "answer2", "c1", "h1", "n1", "n2", "l1");
    assertThat(lanes.isEmpty()).isTrue();
    assertThat(lanes.bytes()).isZero();
    assertThat(lanes.controlBytes()).isZero();
  }

  @Test
  void afterSixteenOfOneLaneTheNextLowerHasItsTurn() {
    for (int i = 0; i < 40; i++) {
      lanes.add(Priority.CRITICAL, waiting("c"));
    }
    lanes.add(Priority.NORMAL, waiting("n"));
    lanes.add(Priority.NORMAL, waiting("n"));

    List<String> order = all();
    assertThat(order.subList(0, 16)).containsOnly("c");
    assertThat(order.get(16)).isEqualTo("n");
    assertThat(order.subList(17, 33)).containsOnly("c");
    assertThat(order.get(33)).isEqualTo("n");
  }

  @Test
  void nobodyStarvesWhileAllAboveAreBusy() {
    lanes.add(Priority.LOW, waiting("low"));
    int before = 0;
    while (before < 17 * 17 * 17 * 17) {
      lanes.addControl(waiting("answer"));
      lanes.add(Priority.CRITICAL, waiting("c"));
      lanes.add(Priority.HIGH, waiting("h"));
      lanes.add(Priority.NORMAL, waiting("n"));
      if (text(lanes.take()).equals("low")) {
        break;
      }
      before++;
    }
    assertThat(before).as("before the lowest had its turn").isLessThan(17 * 17 * 17 * 17);
  }

  @Test
  void whatIsPutBackIsNextAgain() {
    lanes.add(Priority.HIGH, waiting("h1"));
    lanes.add(Priority.HIGH, waiting("h2"));
    Waiting first = lanes.take();
    assertThat(first).isNotNull();
    lanes.putBack(first);

    assertThat(lanes.messages()).isEqualTo(2);
    assertThat(all()).containsExactly("h1", "h2");
  }

  @Test
  void roomIsMadeFromTheLowestLaneAndNeverFromOneAbove() {
    lanes.add(Priority.HIGH, droppable("h1"));
    lanes.add(Priority.NORMAL, droppable("n1"));
    lanes.add(Priority.NORMAL, droppable("n2"));
    lanes.add(Priority.LOW, waiting("of a topic"));

    assertThat(text(lanes.takeForRoom(Priority.NORMAL))).isEqualTo("n1");
    assertThat(text(lanes.takeForRoom(Priority.NORMAL))).isEqualTo("n2");
    assertThat(lanes.takeForRoom(Priority.NORMAL)).isNull();
    assertThat(text(lanes.takeForRoom(Priority.CRITICAL))).isEqualTo("h1");
    assertThat(all()).containsExactly("of a topic");
  }

  @Test
  void countsAreThoseOfWhatIsThere() {
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      Priority priority = Priority.values()[random.nextInt(4)];
      switch (random.nextInt(4)) {
        case 0 -> lanes.add(priority, droppable("x".repeat(random.nextInt(9))));
        case 1 -> lanes.addControl(waiting("x".repeat(random.nextInt(9))));
        case 2 -> lanes.take();
        default -> lanes.takeForRoom(priority);
      }
    }
    long control = lanes.controlBytes();
    long bytes = lanes.bytes();
    int messages = lanes.messages();
    List<String> rest = all();
    assertThat(rest).hasSize(messages);
    assertThat(rest.stream().mapToInt(String::length).sum()).isEqualTo(bytes);
    assertThat(control).isLessThanOrEqualTo(bytes);
    assertThat(lanes.controlBytes()).isZero();
  }

  @Test
  void clearingReleasesAll() {
    Encoded message = Encoded.text(new byte[3]);
    lanes.add(Priority.LOW, new Waiting(message, Lanes.NEVER, null, true));
    lanes.clear();

    assertThat(lanes.isEmpty()).isTrue();
    assertThat(Released.is(message)).isTrue();
  }

  // ---- words

  private List<String> all() {
    List<String> all = new ArrayList<>();
    for (Waiting next = lanes.take(); next != null; next = lanes.take()) {
      all.add(text(next));
    }
    return all;
  }

  private static Waiting waiting(String text) {
    return new Waiting(encoded(text), Lanes.NEVER, null, false);
  }

  private static Waiting droppable(String text) {
    return new Waiting(encoded(text), Lanes.NEVER, null, true);
  }

  private static Encoded encoded(String text) {
    return Encoded.text(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Waiting waiting) {
    return waiting == null
        ? "nothing"
        : new String(waiting.message().payload(), StandardCharsets.UTF_8);
  }
}
