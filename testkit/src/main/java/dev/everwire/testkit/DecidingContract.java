package dev.everwire.testkit;

import static dev.everwire.testkit.Payloads.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.transport.Acceptor.Answer;
import dev.everwire.session.transport.Acceptor.Later;
import dev.everwire.session.transport.Acceptor.Refuse;
import dev.everwire.session.transport.Dialer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How every transport waits for an acceptor that does not know its answer yet. */
public abstract class DecidingContract extends TransportSuite {
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();

  private AtomicReference<@Nullable Dialled> dialLater() {
    door().answer = handshake -> new Later(answer);
    var result = new AtomicReference<@Nullable Dialled>();
    dial(request("/"), result::set);
    next(door().handshakes);
    return result;
  }

  private Dialled settled(AtomicReference<@Nullable Dialled> result) {
    world().until(() -> result.get() != null);
    Dialled dialled = result.get();
    if (dialled == null) {
      throw new AssertionError("gone again");
    }
    return dialled;
  }

  private Dialer.Failure failure(Dialled dialled) {
    if (dialled.failure() == null) {
      throw new AssertionError("connected");
    }
    return dialled.failure();
  }

  @Test
  void whoIsLetInLaterIsConnectedAsOthersAre() {
    var result = dialLater();
    assertThat(result.get()).isNull();
    assertThat(door().entered).isEmpty();
    var unused = answer.completeAsync(() -> door().accept(null));

    End client = settled(result).end();
    if (client == null) {
      throw new AssertionError("not connected");
    }
    End server = next(door().entered);
    run(server, transport -> transport.sendText(text("welcome")));
    world().until(() -> client.receiver().count() == 1);
    run(client, transport -> transport.sendText(text("thanks")));
    world().until(() -> server.receiver().count() == 1);
  }

  @Test
  void whoIsRefusedLaterHearsWhy() {
    var result = dialLater();
    var unused = answer.completeAsync(() -> new Refuse(401, "no", Map.of()));

    assertThat(failure(settled(result)).status()).isEqualTo(401);
    assertThat(door().entered).isEmpty();
  }

  @Test
  void anAnswerThatFailsOrIsNoneIsAnError() {
    var result = dialLater();
    answer.completeExceptionally(new IllegalStateException("expected by the test"));
    assertThat(failure(settled(result)).status()).isEqualTo(500);

    door().answer = handshake -> new Later(CompletableFuture.completedFuture(new Later(answer)));
    assertThat(failure(dial(request("/"))).status()).isEqualTo(500);
    door().answer = null;
    assertThat(dial(request("/")).end()).isNotNull(); // nobody else is harmed
  }

  @Test
  void othersComeInWhileOneWaits() {
    var result = dialLater();
    door().answer = null;
    List<Link> others = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      others.add(connect());
    }
    assertThat(others).hasSize(5);
    assertThat(result.get()).isNull();
    answer.complete(new Refuse(403, "no", Map.of()));

    assertThat(failure(settled(result)).status()).isEqualTo(403);
  }
}
