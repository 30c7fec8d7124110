package dev.everwire.app.bench;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Calls one method of a JSON-RPC server over and over; answers may overtake each other. The first
 * good answer is read as JSON and kept as a stencil; the others are compared with it byte by byte,
 * and read only if they differ. Event loop only.
 */
final class RpcLane extends Lane {
  private static final JsonRpcCodec CODEC = new JsonRpcCodec(1_000, 1);
  private static final long NONE = -1;

  private final Calls calls;
  private final long[] pending; // the number of the call in each place

  private RpcLane(Load load, int index, Transport transport, Calls calls) {
    super(load, index, transport);
    this.calls = calls;
    this.pending = new long[slots()];
    Arrays.fill(pending, NONE);
  }

  /**
   * @param params what to call with; null sends text that is unlike any other, which the method has
   *     to give back
   */
  static LaneLoad.Kind kind(String method, @Nullable RawJson params, int size) {
    Calls shared = new Calls(method, params, size);
    return (load, index, transport) -> new RpcLane(load, index, transport, shared);
  }

  @Override
  boolean free(long number) {
    return pending[slot(number)] == NONE;
  }

  @Override
  Offer send(long number) {
    Offer offer = transport.sendText(calls.request.message(index, number));
    if (offer == Offer.QUEUED) {
      pending[slot(number)] = number;
    }
    return offer;
  }

  @Override
  public void onText(ByteBuffer utf8) {
    Stencil answer = calls.answer;
    if (answer != null && utf8.remaining() == answer.length()) {
      long number = answer.numberIn(utf8);
      if (outstanding(number) && answer.matches(utf8, index, number)) {
        pending[slot(number)] = NONE;
        good(number);
        return;
      }
    }
    switch (CODEC.read(utf8)) {
      case Frame.Single(Message.Success(RequestId id, RawJson result)) -> success(id, result, utf8);
      case Frame.Single(Message.Failure(RequestId id, Fault fault)) -> {
        if (taken(id) != NONE) {
          tally.refused("a call was answered with " + fault.code() + " " + fault.message());
          over(1, System.nanoTime());
        }
      }
      case Frame.Single(Message.Notification notification) -> {} // not what is measured
      case Frame other -> tally.corrupted("something came that is no answer");
    }
  }

  private void success(RequestId id, RawJson result, ByteBuffer utf8) {
    long number = taken(id);
    if (number == NONE) {
      return;
    }
    if (calls.expected(index, number, result)) {
      if (calls.answer == null) {
        calls.learn(utf8, index, number);
      }
      good(number);
    } else {
      tally.corrupted("a call has another result");
      over(1, System.nanoTime());
    }
  }

  /** Takes the call that an answer is for; says so if there is none. */
  private long taken(RequestId id) {
    long number;
    try {
      number = Long.parseLong(id.literal()) - Stencil.FIRST_ID;
    } catch (NumberFormatException e) {
      number = NONE;
    }
    if (outstanding(number)) {
      pending[slot(number)] = NONE;
      return number;
    }
    if (number >= 0 && number < sent()) {
      tally.duplicate();
    } else {
      tally.corrupted("an answer has an id that was never sent");
    }
    return NONE;
  }

  private boolean outstanding(long number) {
    return number >= 0 && number < sent() && pending[slot(number)] == number;
  }
}
