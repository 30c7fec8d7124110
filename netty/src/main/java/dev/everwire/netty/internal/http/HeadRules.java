package dev.everwire.netty.internal.http;

import dev.everwire.netty.internal.http.Step.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of a request's headers together: one Host, and one way to tell where the body
 * ends (RFC 9112 sections 3.2 and 6.3).
 */
final class HeadRules {
  private static final int MAX_LENGTH_DIGITS = 18; // fits a long

  private HeadRules() {}

  /** The head, or why it is refused. */
  static Step check(String method, RequestTarget target, Fields fields) {
    String host = fields.first(FieldNames.HOST);
    if (host == null || fields.count(FieldNames.HOST) > 1 || !HostName.isValid(host)) {
      return Refusal.BAD_HOST;
    }
    if (target.authority() != null) {
      fields.replace(FieldNames.HOST, target.authority()); // RFC 9112 section 3.2.2
    }
    // a proxy in front may have judged the other one
    if (fields.count(FieldNames.AUTHORIZATION) > 1 || fields.count(FieldNames.ORIGIN) > 1) {
      return Refusal.REPEATED;
    }
    String origin = fields.first(FieldNames.ORIGIN);
    if (origin != null && isList(origin)) {
      return Refusal.BAD_ORIGIN;
    }
    String expectation = fields.first(FieldNames.EXPECT);
    if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
      return Refusal.UNKNOWN_EXPECTATION;
    }
    String length = fields.first(FieldNames.CONTENT_LENGTH);
    String coding = fields.first(FieldNames.TRANSFER_ENCODING);
    if (length != null && coding != null) {
      return Refusal.TWO_LENGTHS;
    }
    if (coding != null) {
      Refusal refusal =
          fields.count(FieldNames.TRANSFER_ENCODING) > 1
              ? Refusal.BAD_CODING
              : codingRefusal(coding);
      return refusal == null
          ? new RequestHead(method, target, fields, RequestHead.CHUNKED)
          : refusal;
    }
    if (length == null) {
      return new RequestHead(method, target, fields, 0);
    }
    if (fields.count(FieldNames.CONTENT_LENGTH) > 1 || !isLength(length)) {
      return Refusal.BAD_LENGTH; // also twice the same: whoever sends that is not to be trusted
    }
    long bytes = Long.parseLong(length);
    return bytes > BodyReader.MAX_BYTES
        ? Refusal.BODY_TOO_LARGE
        : new RequestHead(method, target, fields, (int) bytes);
  }

  /** Of what a proxy may have made one of several: an origin has none of these (RFC 6454). */
  private static boolean isList(String origin) {
    return origin.indexOf(',') >= 0 || origin.indexOf(' ') >= 0 || origin.indexOf('\t') >= 0;
  }

  private static boolean isLength(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_LENGTH_DIGITS;
  }

  private static @Nullable Refusal codingRefusal(String value) {
    if (value.equalsIgnoreCase("chunked")) {
      return null;
    }
    List<String> codings = Elements.of(value);
    for (int i = 0; i < codings.size(); i++) {
      boolean last = i == codings.size() - 1;
      if (!FieldNames.isToken(codings.get(i))
          || codings.get(i).equalsIgnoreCase("chunked") != last) {
        return Refusal.BAD_CODING;
      }
    }
    return Refusal.UNKNOWN_CODING;
  }
}
