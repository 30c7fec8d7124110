package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.stream.Emission;
import dev.everwire.session.internal.stream.Ending;
import dev.everwire.session.internal.stream.Inflow;
import dev.everwire.session.internal.stream.Outflow;
import dev.everwire.session.internal.stream.PulledItems;
import dev.everwire.session.stream.ItemStream;
import dev.everwire.session.transport.Loop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the streams of one connection: between its loop, where {@link SessionEngine} decides, and
 * the threads on which users' code makes and takes items.
 */
final class Streaming {
  private static final long BESIDE_THE_ITEMS = 256; // bytes of a message of items
  private static final long MOST_COLLECTED = 8 * 1024 * 1024; // bytes

  private final SessionEngine engine;
  private final Loop loop;
  private final Executor workers;
  private final ValueCodec values;
  private final BiFunction<String, Throwable, Fault> faults;

  /**
   * @param faults what a peer is told of a failure, by method
   */
  Streaming(
      SessionEngine engine,
      Loop loop,
      Executor workers,
      ValueCodec values,
      BiFunction<String, Throwable, Fault> faults) {
    this.engine = engine;
    this.loop = loop;
    this.workers = workers;
    this.values = values;
    this.faults = faults;
  }

  /**
   * Sends the items of a handler's result and closes it. On the handler's thread.
   *
   * @param most bytes that the peer reads at once
   * @return what to answer when they have left
   */
  RawJson answer(InboundCall call, ItemStream<?> result, long most) throws Exception {
    if (loop.inLoop()) {
      result.close();
      throw new IllegalStateException("a method that never blocks cannot return a stream");
    }
    if (call.notification()) {
      result.close();
      return RawJson.NULL;
    }
    Outflow outflow = call.result();
    try {
      loop.execute(() -> engine.streaming(call)); // from here on it is interrupted at the loss
    } catch (RejectedExecutionException e) {
      Thread.currentThread().interrupt(); // nobody waits, as behind the loss of a connection
    }
    if (outflow == null) {
      return Emission.collect(result, Math.min(MOST_COLLECTED, most - BESIDE_THE_ITEMS), values);
    }
    outflow.open(() -> onLoop(() -> engine.ready(outflow)), most - BESIDE_THE_ITEMS);
    Emission.emit(result, outflow, values);
    return RawJson.NULL;
  }

  /**
   * An argument of one of their calls, for its handler to read. Safe from any thread.
   *
   * @param bound makes a value of an item, on the reader's thread
   */
  ItemStream<?> argument(InboundCall call, int number, Function<RawJson, @Nullable Object> bound) {
    ArgumentReader reader = new ArgumentReader(call, number);
    Inflow inflow = new Inflow(Inflow.WINDOW, reader);
    reader.inflow = inflow;
    try {
      loop.execute(() -> engine.open(call, number, inflow));
    } catch (RejectedExecutionException e) {
      inflow.end(new Ending.Lost(true, "closed"));
    }
    // The caller's own fault, which may be told to it again.
    return new PulledItems<@Nullable Object>(inflow, bound, loop, FaultException::new, () -> {});
  }

  /** Sends the items of an argument of ours on a worker, unless that was begun before. */
  void produce(Argument argument, Outflow outflow, long most) {
    ItemStream<?> stream = argument.take();
    if (stream == null) {
      return;
    }
    outflow.open(() -> onLoop(() -> engine.ready(outflow)), most - BESIDE_THE_ITEMS);
    Serving serving =
        new Serving(go -> {
          if (go) {
            produce(stream, outflow);
          } else {
            stream.close();
          }
        });
    outflow.onClose(serving::interrupt);
    try {
      workers.execute(serving);
    } catch (RejectedExecutionException e) {
      stream.close();
    }
  }

  /** On a worker. */
  private void produce(ItemStream<?> stream, Outflow outflow) {
    Fault fault = null;
    try {
      Emission.emit(stream, outflow, values);
    } catch (Throwable e) { // the reader has to hear of it whatever it is
      if (outflow.closed()) {
        return; // what an interrupted producer throws is no news
      }
      fault = faults.apply("(a streamed argument)", e);
    }
    Fault why = fault;
    onLoop(() -> engine.sent(outflow, why));
  }

  private void onLoop(Runnable task) {
    RemotePeer.onLoop(loop, task);
  }

  private final class ArgumentReader implements Inflow.Reader {
    private final InboundCall call;
    private final int number;
    private @Nullable Inflow inflow; // set once, before anybody reads

    ArgumentReader(InboundCall call, int number) {
      this.call = call;
      this.number = number;
    }

    @Override
    public void grants(int n) {
      onLoop(() -> engine.grant(call, number, n));
    }

    @Override
    public void waits(boolean on) {
      Inflow mine = inflow;
      if (mine != null) {
        onLoop(() -> engine.readerWaits(mine, call.turn(), on));
      }
    }
  }
}
