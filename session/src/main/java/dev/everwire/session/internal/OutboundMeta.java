package dev.everwire.session.internal;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.CallMeta;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.internal.rpc.Asked;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts metadata beside the parameters of our calls: how long we wait, whether we take items, under
 * which token we hear of progress. Event loop only.
 */
final class OutboundMeta {
  private static final byte[] MEMBER = "{\"_meta\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] METHOD = "{\"method\":".getBytes(StandardCharsets.US_ASCII);

  // Most calls wait equally long.
  private long lastTimeout = -1;
  private RawJson lastMeta = RawJson.NULL;

  /**
   * @param credits granted for a streamed result
   * @param remaining nanoseconds that we still wait
   * @param streams whether the peer sends items
   */
  Message.Request request(
      RequestId id, OutboundCall call, int credits, long remaining, boolean streams) {
    String method = call.method();
    RawJson params = call.params();
    if (method.startsWith("rpc.") || carriesItsOwn(params)) {
      return new Message.Request(id, method, params);
    }
    RawJson meta = meta(id, call, credits, remaining, streams);
    if (meta == null) {
      return new Message.Request(id, method, params);
    }
    if (params == null) {
      return new Message.Request(id, method, joined(MEMBER, meta.toBytes(), END));
    }
    if (params.kind() == RawJson.Kind.OBJECT) {
      byte[] text = params.toBytes();
      boolean empty = text.length == 2 || text[firstInside(text)] == '}';
      text[0] = empty ? (byte) ' ' : (byte) ',';
      return new Message.Request(id, method, joined(MEMBER, meta.toBytes(), text));
    }
    JsonWriter out = new JsonWriter();
    out.raw(METHOD).value(method).name("params").value(params).name("meta").value(meta);
    return new Message.Request(id, Names.CALL, out.endObject().toRawJson());
  }

  private static final byte[] END = {'}'};

  private static int firstInside(byte[] text) {
    int i = 1;
    while (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
      i++;
    }
    return i;
  }

  /** Two pieces of an object's text and its rest, which together are one. */
  private static RawJson joined(byte[] head, byte[] meta, byte[] rest) {
    byte[] all = new byte[head.length + meta.length + rest.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(meta, 0, all, head.length, meta.length);
    System.arraycopy(rest, 0, all, head.length + meta.length, rest.length);
    return RawJson.trusted(all);
  }

  /** Whoever writes metadata by hand is left alone. */
  private static boolean carriesItsOwn(@Nullable RawJson params) {
    if (!Asked.mayCarryMeta(params) || params == null) {
      return false;
    }
    try {
      return params.members().names().contains(Names.META);
    } catch (JsonException e) {
      return true; // a name given twice: the peer's to refuse
    }
  }

  private @Nullable RawJson meta(
      RequestId id, OutboundCall call, int credits, long remaining, boolean streams) {
    Long timeout = call.options().within().isEmpty() ? null : Math.max(1, remaining / 1_000_000);
    boolean stream = streams && call.result() != null;
    if (!stream && call.progress() == null) {
      return timeout == null ? null : onlyTimeout(timeout);
    }
    RawJson token = call.progress() == null ? null : RawJson.parse(id.literal());
    return new CallMeta(timeout, stream, credits, token, null, null, null).write();
  }

  private RawJson onlyTimeout(long timeout) {
    if (timeout != lastTimeout) {
      lastTimeout = timeout;
      lastMeta = new CallMeta(timeout, false, 0, null, null, null, null).write();
    }
    return lastMeta;
  }
}
