package dev.everwire.server.internal.registry;

import dev.everwire.protocol.Offer;
import dev.everwire.server.connection.Payload;
import dev.everwire.server.connection.Report;
import dev.everwire.session.transport.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/** Puts one message into the queues of many: one task for each loop, and nobody waits. */
final class MassSending {
  private final Shared message;
  private final Selection selection;
  private final CompletableFuture<Report> done = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  // guarded by lock
  private int loopsLeft;
  private int delivered;
  private int dropped;
  private int failed;
  private final List<Report.Failure> errors = new ArrayList<>();

  private MassSending(Shared message, Selection selection) {
    this.message = message;
    this.selection = selection;
    this.loopsLeft = selection.byLoop().size();
  }

  /**
   * @return completes on a loop: nobody else's code may follow there
   * @throws IllegalArgumentException if parameters cannot be written
   */
  static CompletableFuture<Report> begin(Registry registry, Selection selection, Payload payload) {
    MassSending sending = new MassSending(Shared.of(payload, registry), selection);
    sending.begin();
    return sending.done;
  }

  private void begin() {
    if (selection.byLoop().isEmpty()) {
      finish();
      return;
    }
    for (Map.Entry<Loop, List<Entry>> group : selection.byLoop().entrySet()) {
      try {
        group.getKey().execute(() -> send(group.getValue()));
      } catch (RejectedExecutionException e) { // the loop has ended, and they with it
        Part part = new Part();
        group.getValue().forEach(entry -> part.failed(entry, Shared.GONE));
        add(part);
      }
    }
  }

  /** On their loop. */
  private void send(List<Entry> entries) {
    Part part = new Part();
    for (Entry entry : entries) {
      try {
        String refusal = message.refusal(entry);
        if (refusal == null) {
          part.offered(entry, message.offer(entry));
        } else {
          part.failed(entry, refusal);
        }
      } catch (RuntimeException | Error e) { // this one only
        part.failed(entry, String.valueOf(e.getMessage()));
      }
    }
    add(part);
  }

  private void add(Part part) {
    boolean last;
    lock.lock();
    try {
      delivered += part.delivered;
      dropped += part.dropped;
      failed += part.failed;
      for (Report.Failure error : part.errors) {
        if (errors.size() < Report.MOST_ERRORS) {
          errors.add(error);
        }
      }
      last = --loopsLeft == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
  }

  private void finish() {
    message.release();
    Report report;
    lock.lock();
    try {
      report =
          new Report(selection.targets(), selection.excluded(), delivered, dropped, failed, errors);
    } finally {
      lock.unlock();
    }
    done.complete(report);
  }

  /** What became of it on one loop. */
  private static final class Part {
    int delivered;
    int dropped;
    int failed;
    final List<Report.Failure> errors = new ArrayList<>(0);

    void offered(Entry entry, Offer offer) {
      switch (offer) {
        case QUEUED -> delivered++;
        case FULL -> dropped++;
        case CLOSED -> failed(entry, Shared.GONE);
      }
    }

    void failed(Entry entry, String reason) {
      failed++;
      if (errors.size() < Report.MOST_ERRORS) {
        errors.add(new Report.Failure(entry.connectionId(), reason));
      }
    }
  }
}
