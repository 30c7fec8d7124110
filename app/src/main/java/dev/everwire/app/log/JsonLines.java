package dev.everwire.app.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.everwire.protocol.json.JsonWriter;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/**
 * One JSON object to a line: {@code {"time":…,"level":…,"logger":…,"thread":…,"message":…}}, and
 * {@code "error"} with the stack trace where something was thrown.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
  private static final byte[] NOTHING = {};

  @Override
  public byte[] encode(ILoggingEvent event) {
    JsonWriter out = new JsonWriter().beginObject();
    out.name("time").value(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
    out.name("level").value(event.getLevel().toString().toLowerCase(Locale.ROOT));
    out.name("logger").value(event.getLoggerName());
    out.name("thread").value(event.getThreadName());
    out.name("message").value(event.getFormattedMessage());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      out.name("error").value(ThrowableProxyUtil.asString(thrown));
    }
    byte[] json = out.endObject().toBytes();
    byte[] line = new byte[json.length + 1];
    System.arraycopy(json, 0, line, 0, json.length);
    line[json.length] = '\n';
    return line;
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
