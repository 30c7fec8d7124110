package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Credit;
import dev.everwire.protocol.wire.Items;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Progress;
import dev.everwire.protocol.wire.StreamEnd;
import dev.everwire.session.internal.rpc.FrameLimit;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.rpc.Turn;
import dev.everwire.session.internal.stream.Ending;
import dev.everwire.session.internal.stream.Inflow;
import dev.everwire.session.internal.stream.Outflow;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What comes and goes while calls run: items, what is granted for them, progress. Each stream lives
 * and dies with its call; a message about one that is not there means nothing. Event loop only.
 *
 * <p>A message without {@code arg} is about the result of a call, one with it about an argument. So
 * items without are of a call of ours, items with it of one of theirs; credit the other way round.
 */
final class Streams {
  private final Effects effects;
  private final OutboundCalls ours;
  private final InboundCalls theirs;
  private @Nullable ArrayDeque<Outflow> ready; // with items to send
  private @Nullable Set<Inflow> awaited; // whose readers wait

  Streams(Effects effects, OutboundCalls ours, InboundCalls theirs) {
    this.effects = effects;
    this.ours = ours;
    this.theirs = theirs;
  }

  // ---- from the peer

  /** False if it means nothing here. */
  boolean received(String method, @Nullable RawJson params) {
    try {
      return switch (method) {
        case Names.ITEM -> items(Items.read(params));
        case Names.CREDIT -> credit(Credit.read(params));
        case Names.END -> end(StreamEnd.read(params));
        default -> progress(Progress.read(params));
      };
    } catch (JsonException e) {
      return false;
    }
  }

  private boolean items(Items items) {
    Inflow inflow = items.arg() == 0 ? result(items.id()) : argument(items.id(), items.arg());
    if (inflow == null) {
      return false;
    }
    Fault broken = inflow.receive(items.seq(), items.items());
    if (broken != null && items.arg() == 0) {
      ours.cancel(items.id());
    }
    return broken == null;
  }

  private boolean credit(Credit credit) {
    Outflow outflow = credit.arg() == 0 ? outflow(credit.id()) : outflow(credit.id(), credit.arg());
    if (outflow == null) {
      return false;
    }
    outflow.grant(credit.n());
    return true;
  }

  private boolean end(StreamEnd end) {
    InboundCall call = theirs.find(end.id());
    Fault error = end.error();
    return call != null
        && call.endArgument(
            end.arg(), error == null ? new Ending.Complete() : new Ending.Failed(error));
  }

  private boolean progress(Progress progress) {
    return ours.progress(progress.token(), progress.value());
  }

  private @Nullable Inflow result(RequestId id) {
    OutboundCalls.Lively call = ours.lively(id);
    return call == null ? null : call.call().result();
  }

  private @Nullable Inflow argument(RequestId id, int number) {
    InboundCall call = theirs.find(id);
    return call == null ? null : call.argument(number);
  }

  private @Nullable Outflow outflow(RequestId id) {
    InboundCall call = theirs.find(id);
    return call == null ? null : call.result();
  }

  private @Nullable Outflow outflow(RequestId id, int argument) {
    OutboundCalls.Lively call = ours.lively(id);
    return call == null || argument > call.arguments().size()
        ? null
        : call.arguments().get(argument - 1);
  }

  // ---- to the peer

  /** Something waits to be sent. */
  void ready(Outflow outflow) {
    if (ready == null) {
      ready = new ArrayDeque<>(4);
    }
    ready.add(outflow);
  }

  /** Sends the next items that wait. False if none do. */
  boolean sendNext() {
    Outflow next = ready == null ? null : ready.poll();
    if (next == null) {
      return false;
    }
    Items items = next.poll();
    if (items != null) {
      effects.send(new Message.Notification(Names.ITEM, items.write()));
    }
    return true;
  }

  /** Grants more items of a result of ours. */
  void grant(RequestId id, int n) {
    if (ours.lively(id) != null) {
      grant(new Credit(id, 0, n));
    }
  }

  /** The handler of one of their calls begins to read an argument. */
  void open(InboundCall call, int number, Inflow argument) {
    Ending lost = theirs.lost();
    if (lost != null) {
      argument.end(lost);
    } else if (call.open(number, argument)) {
      grant(call, number, argument.first());
    }
  }

  /** Grants more items of an argument of theirs. */
  void grant(InboundCall call, int number, int n) {
    RequestId id = call.id();
    if (id != null && !call.ended()) {
      grant(new Credit(id, number, n));
    }
  }

  private void grant(Credit credit) {
    effects.send(new Message.Notification(Names.CREDIT, credit.write()));
  }

  /** All items of an argument of ours were sent, or there are no more because of a fault. */
  void sent(Outflow argument, @Nullable Fault fault) {
    if (ours.lively(argument.id()) != null) {
      StreamEnd end = new StreamEnd(argument.id(), argument.arg(), fitting(argument, fault));
      effects.send(new Message.Notification(Names.END, end.write()));
    }
  }

  /** A fault is told as far as the peer reads it. */
  private @Nullable Fault fitting(Outflow argument, @Nullable Fault fault) {
    if (fault == null) {
      return null;
    }
    FrameLimit limit = ours.profile().frameLimit();
    return limit.fitting(new Message.Failure(argument.id(), fault)) instanceof Message.Failure told
        ? told.fault()
        : fault;
  }

  // ---- readers

  /**
   * Who reads a stream has begun to wait for the peer, or no longer does.
   *
   * @param turn of the handler that reads, if it runs in order
   */
  void waits(Inflow inflow, @Nullable Turn turn, boolean on) {
    if (on && inflow.ending() == null) {
      if (awaited == null) {
        awaited = new HashSet<>(4);
      }
      if (awaited.add(inflow) && turn != null) {
        turn.waits();
      }
    } else if (awaited != null && awaited.remove(inflow) && turn != null) {
      turn.goesOn();
    }
  }

  /** How many readers wait for the peer. */
  int awaited() {
    return awaited == null ? 0 : awaited.size();
  }
}
