package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonScanner;
import dev.everwire.protocol.json.NameHint;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.CallMeta;
import dev.everwire.protocol.wire.Names;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a request or notification asks for, once what travelled beside the parameters was taken out
 * of them.
 *
 * @param params without metadata; null if there are none
 */
public record Asked(String method, @Nullable RawJson params, CallMeta meta) {
  private static final NameHint META = NameHint.of(Names.META);
  private static final byte[][] META_NAME = {Names.META.getBytes(StandardCharsets.US_ASCII)};

  /** False if there is certainly no metadata in the parameters. Costs next to nothing. */
  public static boolean mayCarryMeta(@Nullable RawJson params) {
    return params != null && params.kind() == RawJson.Kind.OBJECT && META.mayBeIn(params);
  }

  /**
   * Takes {@code _meta} out of named parameters, and unwraps {@code rpc.call}. Where both carry
   * metadata the wrapping's counts.
   *
   * @throws JsonException naming the member that does not fit
   */
  public static Asked read(String method, @Nullable RawJson params) {
    return method.equals(Names.CALL) ? unwrapped(params) : stripped(method, params);
  }

  private static Asked unwrapped(@Nullable RawJson params) {
    if (params == null) {
      throw new JsonException("method: missing");
    }
    JsonMembers members = params.members();
    String method = members.string("method");
    if (method.startsWith("rpc.") || method.startsWith("$/") || method.startsWith("_")) {
      throw new JsonException("method: expected one of the application's");
    }
    Asked inner = stripped(method, parameters(members.get("params")));
    RawJson meta = members.get("meta");
    return meta == null ? inner : new Asked(method, inner.params(), meta("meta", meta));
  }

  private static @Nullable RawJson parameters(@Nullable RawJson params) {
    if (params == null
        || params.kind() == RawJson.Kind.OBJECT
        || params.kind() == RawJson.Kind.ARRAY) {
      return params;
    }
    throw new JsonException("params: expected an object or an array");
  }

  private static Asked stripped(String method, @Nullable RawJson params) {
    if (params == null || !mayCarryMeta(params)) {
      return new Asked(method, params, CallMeta.NONE);
    }
    // One pass and one copy: the parameters may be large, and this is the event loop.
    byte[] text = params.array();
    int start = params.offset();
    int end = start + params.length();
    JsonScanner scanner = new JsonScanner(text, start, end, RawJson.MAX_DEPTH);
    scanner.beginObject();
    RawJson meta = null;
    int from = 0; // of what is cut out
    int to = 0;
    boolean first = true;
    for (int behind = scanner.position(); scanner.member(); behind = scanner.position()) {
      boolean found = scanner.nameAmong(META_NAME) == 0;
      int value = scanner.position();
      scanner.skipValue();
      if (found) {
        if (meta != null) {
          throw new JsonException(Names.META + ": expected once");
        }
        meta = RawJson.trusted(text, value, scanner.position());
        from = behind;
        to = first ? behindNext(scanner, end) : scanner.position();
      }
      first = false;
    }
    if (meta == null) {
      return new Asked(method, params, CallMeta.NONE);
    }
    return new Asked(
        method,
        to == end ? null : spliced(text, start, from, to, end),
        meta.isNull() ? CallMeta.NONE : meta(Names.META, meta));
  }

  /** Behind the comma that follows, or the end. */
  private static int behindNext(JsonScanner scanner, int end) {
    return scanner.peek() == ',' ? scanner.position() + 1 : end;
  }

  private static RawJson spliced(byte[] text, int start, int from, int to, int end) {
    byte[] rest = new byte[end - start - (to - from)];
    System.arraycopy(text, start, rest, 0, from - start);
    System.arraycopy(text, to, rest, from - start, end - to);
    return RawJson.trusted(rest);
  }

  private static CallMeta meta(String where, RawJson meta) {
    try {
      return CallMeta.read(meta);
    } catch (JsonException e) {
      throw new JsonException(where + ": " + e.getMessage());
    }
  }
}
