package dev.everwire.client.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EventMailboxTest {
  private static final ClientEvent UP = new ClientEvent.StatusChanged(1, new Status.Ready(false));
  private static final ClientEvent LAST = new ClientEvent.StatusChanged(1, new Status.Closed("x"));

  private final Deque<Runnable> work = new ArrayDeque<>();
  private final List<ClientEvent> told = new ArrayList<>();
  private final EventMailbox mailbox = new EventMailbox(told::add, work::add, 2);

  @Test
  void oneWorkerTellsEverythingInOrder() {
    mailbox.tell(UP);
    mailbox.tell(message(1));
    mailbox.tell(LAST);

    assertThat(work).hasSize(1);
    run();
    assertThat(told).containsExactly(UP, message(1), LAST);
    assertThat(mailbox.ended()).isCompleted();
  }

  @Test
  void messagesAreBoundedAndTheirLossIsToldWhereItHappened() {
    for (int i = 1; i <= 5; i++) {
      mailbox.tell(message(i));
    }
    mailbox.tell(UP);
    run();
    assertThat(told).containsExactly(message(1), message(2), new ClientEvent.Missed(1, 3), UP);
  }

  @Test
  void alertsAreBoundedTogetherWithMessages() {
    ClientEvent alert = new ClientEvent.Alert(1, "info", "x", null);
    mailbox.tell(message(1));
    mailbox.tell(alert);
    mailbox.tell(alert);
    mailbox.tell(message(2));
    run();
    mailbox.tell(alert);
    run();
    assertThat(told).containsExactly(message(1), alert, new ClientEvent.Missed(1, 2), alert);
  }

  @Test
  void whatWasMissedIsToldAlsoWhenNothingFollows() {
    for (int i = 1; i <= 3; i++) {
      mailbox.tell(message(i));
    }
    run();
    assertThat(told).containsExactly(message(1), message(2), new ClientEvent.Missed(1, 1));
  }

  @Test
  void whatWasMissedIsToldBeforeTheNextMessage() {
    List<ClientEvent> seen = new ArrayList<>();
    EventMailbox[] box = new EventMailbox[1];
    box[0] =
        new EventMailbox(
            event -> {
              seen.add(event);
              if (event.equals(message(1))) {
                box[0].tell(message(4));
              }
            },
            work::add,
            2);
    for (int i = 1; i <= 3; i++) {
      box[0].tell(message(i));
    }
    run();

    assertThat(seen)
        .containsExactly(message(1), message(2), new ClientEvent.Missed(1, 1), message(4));
  }

  @Test
  void noEventOfTheLifeIsDroppedHoweverManyWait() {
    for (int i = 0; i < 10_000; i++) {
      mailbox.tell(UP);
    }
    run();
    assertThat(told).hasSize(10_000);
  }

  @Test
  void nothingIsToldAfterTheTerminalStatusAndThatOnlyOnce() {
    mailbox.tell(message(1));
    mailbox.tell(message(2));
    mailbox.tell(message(3));
    mailbox.tell(LAST);
    mailbox.tell(LAST);
    mailbox.tell(UP);
    mailbox.tell(message(4));
    run();
    mailbox.tell(UP);
    run();

    assertThat(told).containsExactly(message(1), message(2), new ClientEvent.Missed(1, 1), LAST);
  }

  @Test
  void aListenerThatThrowsIsToldTheRest() {
    List<ClientEvent> seen = new ArrayList<>();
    EventMailbox throwing =
        new EventMailbox(
            event -> {
              seen.add(event);
              throw new AssertionError("listener");
            },
            work::add,
            2);
    throwing.tell(UP);
    throwing.tell(LAST);
    run();

    assertThat(seen).containsExactly(UP, LAST);
    assertThat(throwing.ended()).isCompleted();
  }

  @Test
  void workersThatTakeNothingDoNotKeepTheLastWordBack() throws Exception {
    for (RuntimeException refusal :
        List.of(new RejectedExecutionException("full"), new IllegalStateException("closed"))) {
      Consumer<ClientEvent> listener = event -> {};
      EventMailbox alone =
          new EventMailbox(
              listener,
              task -> {
                throw refusal;
              },
              2);
      alone.tell(UP);
      alone.tell(LAST);
      alone.ended().get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void onlyTheListenerIsTelling() {
    List<Boolean> telling = new ArrayList<>();
    EventMailbox[] box = new EventMailbox[1];
    box[0] = new EventMailbox(event -> telling.add(box[0].telling()), work::add, 2);
    box[0].tell(UP);
    assertThat(box[0].telling()).isFalse();
    run();

    assertThat(telling).containsExactly(true);
    assertThat(box[0].telling()).isFalse();
  }

  private void run() {
    for (Runnable next = work.poll(); next != null; next = work.poll()) {
      next.run();
    }
  }

  private static ClientEvent message(int number) {
    return new ClientEvent.Message(1, "UPDATE", "", String.valueOf(number));
  }
}
