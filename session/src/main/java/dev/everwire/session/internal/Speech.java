package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.dialect.Dialects;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How one connection puts its messages: which dialect, and in text or binary frames. Begins with
 * JSON-RPC 2.0 in text; the peer's first message may say otherwise. Event loop only.
 */
final class Speech {
  private static final Fault NO_CALLS =
      Fault.of(FaultCode.METHOD_NOT_FOUND, "this peer takes no calls: rpc-websockets is spoken");
  private static final Fault NAMED_ONLY =
      Fault.of(FaultCode.INVALID_PARAMS, "this peer takes named parameters only");

  private final Dialects dialects;
  private final Role role;
  private final Outlet outlet;
  private Form form = Form.TEXT;
  private Codec reader;
  private boolean begun; // the peer has said something
  private boolean settled; // nothing switches the dialect any more

  /**
   * @param outlet is told how to write
   */
  Speech(Dialects dialects, Role role, Outlet outlet) {
    this.dialects = dialects;
    this.role = role;
    this.outlet = outlet;
    this.reader = dialects.codec(Dialect.JSON_RPC);
  }

  Form form() {
    return form;
  }

  // ---- what is spoken

  /** From now on another dialect; nothing switches it again. */
  void speak(Dialect dialect) {
    form = new Form(dialect, form.binary());
    reader = dialects.codec(dialect);
    // A client of rpc-websockets writes plain JSON-RPC; only what it hears is different.
    boolean plain = dialect == Dialect.RPC_WEBSOCKETS && role == Role.CLIENT;
    outlet.speak(plain ? dialects.codec(Dialect.JSON_RPC) : reader);
    settled = true;
  }

  /**
   * The peer asks for a dialect by what it says.
   *
   * @return whether it is spoken from now on
   */
  boolean switchTo(Dialect dialect) {
    if (form.dialect() != dialect && !settled && dialects.allows(dialect)) {
      speak(dialect);
    }
    return form.dialect() == dialect;
  }

  void speakBinary() {
    form = new Form(form.dialect(), true);
    outlet.speakBinary();
  }

  /** A session was agreed on: it stays with the dialect that it was agreed on in. */
  void settle() {
    settled = true;
  }

  // ---- reading

  Frame read(ByteBuffer message) {
    Frame frame = reader.read(message);
    if (!begun) {
      begun = true;
      return settled ? frame : first(frame, message);
    }
    return frame;
  }

  /** What is no JSON-RPC may be the older wire, if it is the first that comes. */
  private Frame first(Frame frame, ByteBuffer message) {
    if (frame instanceof Frame.Single(Message.Malformed malformed)
        && dialects.allows(Dialect.FASTAPI_RPC)) {
      Frame other = dialects.codec(Dialect.FASTAPI_RPC).read(message);
      if (other instanceof Frame.Single) {
        speak(Dialect.FASTAPI_RPC);
        return other;
      }
    }
    return frame;
  }

  /**
   * Whether a binary message can be read: where they are spoken, or as the peer's first, when it
   * begins like JSON. The latter switches to them.
   */
  boolean takesBinary(ByteBuffer message) {
    if (!form.binary() && !begun && looksLikeJson(message)) {
      speakBinary();
    }
    return form.binary();
  }

  private static boolean looksLikeJson(ByteBuffer message) {
    if (!message.hasRemaining()) {
      return false;
    }
    return switch (message.get(message.position())) {
      case '{', '[', ' ', '\t', '\r', '\n' -> true;
      default -> false;
    };
  }

  // ---- writing

  /** Why a call of ours cannot be put in this dialect; null if it can. */
  @Nullable Fault refusal(@Nullable RawJson params) {
    return switch (form.dialect()) {
      case JSON_RPC -> null;
      case RPC_WEBSOCKETS -> role == Role.SERVER ? NO_CALLS : null;
      case FASTAPI_RPC -> params != null && params.kind() == RawJson.Kind.ARRAY ? NAMED_ONLY : null;
    };
  }
}
