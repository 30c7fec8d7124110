package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Exposed;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.stream.Outflow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Writes down what an engine wants done; runs nothing by itself. */
final class RecordedEffects implements Effects {
  private final JsonRpcCodec codec = new JsonRpcCodec(200, 100);
  private final ArrayDeque<String> log = new ArrayDeque<>();
  final List<InboundCall> started = new ArrayList<>();
  final List<Long> alarms = new ArrayList<>();
  final List<Outflow> produced = new ArrayList<>();
  Offer offer = Offer.QUEUED;
  boolean unwritable; // what is offered cannot be put in a message

  /** The oldest thing done, taken out of the record. */
  String next() {
    return log.isEmpty() ? "(nothing)" : log.remove();
  }

  /** Everything done, taken out of the record. */
  List<String> all() {
    List<String> all = List.copyOf(log);
    log.clear();
    return all;
  }

  void assertExhausted() {
    if (!log.isEmpty()) {
      throw new AssertionError("also done: " + log);
    }
  }

  @Override
  public void send(Message message) {
    log.add(text(message));
  }

  @Override
  public void sendBatch(List<Message.Response> responses) {
    JsonWriter out = new JsonWriter();
    codec.writeBatch(responses, out);
    log.add(new String(out.toBytes(), StandardCharsets.UTF_8));
  }

  @Override
  public Offer offerBatch(List<? extends Message> messages) {
    refuseUnwritable();
    if (offer == Offer.QUEUED) {
      JsonWriter out = new JsonWriter();
      codec.writeBatch(messages, out);
      log.add(new String(out.toBytes(), StandardCharsets.UTF_8));
    }
    return offer;
  }

  private void refuseUnwritable() {
    if (unwritable) {
      throw new IllegalStateException("this cannot be written");
    }
  }

  @Override
  public void later(Runnable task) {
    task.run();
  }

  @Override
  public void produce(Argument argument, Outflow out) {
    log.add("produce " + out.id() + " " + out.arg());
    produced.add(out);
  }

  @Override
  public Offer offer(Message message) {
    refuseUnwritable();
    if (offer == Offer.QUEUED) {
      log.add(text(message));
    }
    return offer;
  }

  @Override
  public void run(InboundCall call, Exposed method) {
    started.add(call);
    log.add("run " + call.method());
  }

  @Override
  public void runNow(InboundCall call, Exposed method) {
    log.add("now " + call.method());
    call.answer(call.params() == null ? RawJson.NULL : call.params());
  }

  @Override
  public void runInline(InboundCall call, Route.InlineHandler handler) {
    log.add("inline " + call.method());
    started.add(call);
  }

  @Override
  public void interrupt(InboundCall call) {
    log.add("interrupt " + call.method());
  }

  @Override
  public void wakeBy(long at) {
    alarms.add(at);
  }

  @Override
  public void heartbeatMissed(int inARow) {
    log.add("missed " + inARow);
  }

  @Override
  public void pingFrame() {
    log.add("ping frame");
  }

  @Override
  public void reading(boolean on) {
    log.add("reading " + on);
  }

  @Override
  public void close(CloseCode code, String reason) {
    log.add("close " + code + " " + reason);
  }

  private String text(Message message) {
    JsonWriter out = new JsonWriter();
    codec.write(message, out);
    return new String(out.toBytes(), StandardCharsets.UTF_8);
  }
}
