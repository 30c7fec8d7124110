package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.everwire.session.transport.HttpReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers as bytes, each in one buffer. */
final class ReplyWriter {
  private static final byte[] GO_ON = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);
  private static final byte[] SWITCHING =
      ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: ")
          .getBytes(ISO_8859_1);
  private static final int ROOM_FOR_HEAD = 512;
  private static final int ROOM_FOR_ANSWER = 768;

  /** These are the writer's to say. */
  private static final Set<String> OWN =
      Set.of("connection", "content-length", "date", "transfer-encoding");

  private static final FastThreadLocal<Clock> CLOCK =
      new FastThreadLocal<>() {
        @Override
        protected Clock initialValue() {
          return new Clock();
        }
      };

  private ReplyWriter() {}

  static ByteBuf goOn(ByteBufAllocator allocator) {
    return allocator.ioBuffer(GO_ON.length).writeBytes(GO_ON);
  }

  /** The answer to an upgrade that is granted; what it names was checked when it was offered. */
  static ByteBuf switching(
      ByteBufAllocator allocator,
      String key,
      @Nullable String subprotocol,
      @Nullable String extensions) {
    ByteBuf out = allocator.ioBuffer(ROOM_FOR_HEAD).writeBytes(SWITCHING);
    end(write(out, AcceptKey.of(key)));
    if (subprotocol != null) {
      end(write(write(out, "Sec-WebSocket-Protocol: "), subprotocol));
    }
    if (extensions != null) {
      end(write(write(out, "Sec-WebSocket-Extensions: "), extensions));
    }
    return end(out);
  }

  /**
   * Adds {@link SafeHeaders}, but not to 304: that would replace what the browser was told before.
   *
   * @param toHead whether HEAD asked, which gets no body
   * @param strictSeconds as in {@link SafeHeaders#write}
   * @throws IllegalArgumentException if a header or the status is not allowed by HTTP
   */
  static ByteBuf reply(
      ByteBufAllocator allocator,
      HttpReply reply,
      boolean toHead,
      boolean keepAlive,
      long strictSeconds) {
    int status = reply.status();
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " (expected: 200-599)");
    }
    boolean bodiless = status == 204 || status == 304;
    byte[] body = bodiless || toHead ? new byte[0] : reply.body();
    ByteBuf out = allocator.ioBuffer(ROOM_FOR_ANSWER + body.length);
    try {
      write(out, "HTTP/1.1 ");
      end(write(out, HttpResponseStatus.valueOf(status).toString()));
      boolean upgrade = false;
      for (Map.Entry<String, String> header : reply.headers().entrySet()) {
        upgrade |= header.getKey().equalsIgnoreCase(FieldNames.UPGRADE);
        header(out, header.getKey(), header.getValue());
      }
      if (status != 304) {
        SafeHeaders.write(out, reply.headers(), strictSeconds);
      }
      if (!bodiless) {
        end(write(write(out, "content-length: "), Integer.toString(reply.body().length)));
      }
      write(out, "date: ").writeBytes(CLOCK.get().date());
      write(out, keepAlive ? "\r\nconnection: keep-alive" : "\r\nconnection: close");
      end(write(out, upgrade ? ", upgrade" : ""));
      return end(out).writeBytes(body);
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
  }

  private static void header(ByteBuf out, String name, String value) {
    if (!FieldNames.isToken(name)) {
      throw new IllegalArgumentException("header name: not a token");
    }
    if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
      return;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7F || c > 0xFF) {
        throw new IllegalArgumentException(name + ": a character that headers cannot have");
      }
    }
    end(write(write(write(out, name), ": "), value));
  }

  private static ByteBuf write(ByteBuf out, String latin1) {
    out.writeCharSequence(latin1, ISO_8859_1);
    return out;
  }

  private static ByteBuf end(ByteBuf out) {
    return out.writeByte('\r').writeByte('\n');
  }

  /** Formats the date once a second for each thread (RFC 9110 section 5.6.7). */
  private static final class Clock {
    private static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private long second = -1;
    private byte[] date = {};

    byte[] date() {
      Instant now = Instant.now();
      if (now.getEpochSecond() != second) {
        second = now.getEpochSecond();
        date = FORMAT.format(now).getBytes(ISO_8859_1);
      }
      return date;
    }
  }
}
