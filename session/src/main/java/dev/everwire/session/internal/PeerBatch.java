package dev.everwire.session.internal;

import dev.everwire.session.Batch;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.transport.Loop;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link RemotePeer} is to send at once. */
final class PeerBatch implements Batch {
  private final RemotePeer peer;
  private final List<Place> places = new ArrayList<>();
  private boolean sent;

  PeerBatch(RemotePeer peer) {
    this.peer = peer;
  }

  @Override
  @SuppressWarnings("unchecked") // the codec answers an instance of the type
  public <T> CompletableFuture<@Nullable T> call(
      String method, @Nullable Object params, Class<T> type) {
    return (CompletableFuture<@Nullable T>)
        (CompletableFuture<?>) call(method, params, type, CallOptions.DEFAULT);
  }

  @Override
  public CompletableFuture<@Nullable Object> call(
      String method, @Nullable Object params, Type type, CallOptions options) {
    roomForOneMore();
    CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
    OutboundCall call = peer.prepareBatched(method, params, options, outcome::complete);
    Place place = new Place(new Outgoing.Member.Called(call));
    places.add(place);
    Loop loop = peer.outgoing().loop();
    return peer.answer(call, outcome, type, () -> RemotePeer.onLoop(loop, place::cancel));
  }

  @Override
  public Batch notify(String method, @Nullable Object params) {
    roomForOneMore();
    places.add(new Place(new Outgoing.Member.Told(method, peer.encode(params))));
    return this;
  }

  @Override
  public void send() {
    if (sent) {
      throw new IllegalStateException("send: the batch was sent");
    }
    sent = true;
    if (places.isEmpty()) {
      return;
    }
    try {
      peer.outgoing().loop().execute(this::sendOnLoop);
    } catch (RejectedExecutionException e) {
      places.forEach(place -> place.end(new CallOutcome.Lost(false, "closed")));
    }
  }

  private void sendOnLoop() {
    List<Place> going = places.stream().filter(place -> !place.dropped).toList();
    if (going.isEmpty()) {
      return;
    }
    try {
      List<Outgoing.Running> begun =
          peer.outgoing().batch(going.stream().map(place -> place.member).toList());
      List<Place> calls =
          going.stream().filter(place -> place.member instanceof Outgoing.Member.Called).toList();
      for (int i = 0; i < begun.size(); i++) {
        calls.get(i).running = begun.get(i);
      }
    } catch (RuntimeException | Error e) { // nobody may wait for what did not leave
      going.forEach(place -> place.end(RemotePeer.FAILED));
      throw e;
    }
  }

  private void roomForOneMore() {
    if (sent) {
      throw new IllegalStateException("batch: it was sent");
    }
    if (places.size() == MOST) {
      throw new IllegalStateException("batch: full (expected: at most " + MOST + ")");
    }
  }

  /** One member and what became of it. Event loop only, once the batch was sent. */
  private static final class Place {
    final Outgoing.Member member;
    Outgoing.@Nullable Running running; // null until it is sent
    boolean dropped; // cancelled before

    Place(Outgoing.Member member) {
      this.member = member;
    }

    void cancel() {
      if (running != null) {
        running.cancel();
      } else {
        dropped = true;
        end(new CallOutcome.Cancelled());
      }
    }

    void end(CallOutcome outcome) {
      if (member instanceof Outgoing.Member.Called(OutboundCall call)) {
        call.done().complete(outcome);
      }
    }
  }
}
