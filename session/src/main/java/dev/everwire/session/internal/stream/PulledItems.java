package dev.everwire.session.internal.stream;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.RemoteFaultException;
import dev.everwire.session.stream.ItemStream;
import dev.everwire.session.transport.Loop;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A peer's items, as its consumer reads them. Values are bound on the reader's thread. */
public final class PulledItems<T extends @Nullable Object> implements ItemStream<T> {
  private final Inflow inflow;
  private final Function<RawJson, T> decode;
  private final Loop loop;
  private final Function<Fault, FaultException> failure;
  private final Runnable cancel;
  private final AtomicBoolean iterated = new AtomicBoolean();

  /**
   * @param failure what is thrown where the producer failed
   * @param cancel tells the producer that nobody reads on; called at most once
   */
  public PulledItems(
      Inflow inflow,
      Function<RawJson, T> decode,
      Loop loop,
      Function<Fault, FaultException> failure,
      Runnable cancel) {
    this.inflow = inflow;
    this.decode = decode;
    this.loop = loop;
    this.failure = failure;
    this.cancel = cancel;
  }

  @Override
  public Iterator<T> iterator() {
    if (iterated.getAndSet(true)) {
      throw new IllegalStateException("iterator: a stream has one pass");
    }
    return new Pull();
  }

  /** Whether the iterator would go on without waiting. */
  public boolean ready() {
    return inflow.size() > 0 || inflow.ending() != null;
  }

  @Override
  public void close() {
    if (inflow.discard()) {
      cancel.run();
    }
  }

  private final class Pull implements Iterator<T> {
    private @Nullable RawJson ahead;

    @Override
    public boolean hasNext() {
      if (loop.inAnyLoop()) {
        throw new IllegalStateException("hasNext: would block an event loop");
      }
      if (ahead == null) {
        try {
          ahead = inflow.take();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new RemoteFaultException(
              Fault.of(FaultCode.CANCELLED, "interrupted while waiting for an item"));
        }
      }
      return ahead != null || over();
    }

    @Override
    public T next() {
      RawJson next = hasNext() ? ahead : null;
      if (next == null) {
        throw new NoSuchElementException("the stream has ended");
      }
      ahead = null;
      return decode.apply(next);
    }

    /** False if the stream has come to an end that is none of the peer's fault; throws else. */
    private boolean over() {
      return switch (inflow.ending()) {
        case null -> throw new IllegalStateException("ended without a reason");
        case Ending.Complete complete -> false;
        case Ending.Closed closed -> false;
        case Ending.Failed(var fault) -> throw failure.apply(fault);
        case Ending.Lost(boolean maybeExecuted, String reason) ->
            throw new ConnectionLostException(maybeExecuted, reason);
      };
    }
  }
}
