package dev.everwire.netty.internal.http;

/** A request line and headers that may be served. */
final class RequestHead implements Step {
  /** There are bytes of a length that follows from themselves. */
  static final int CHUNKED = -1;

  private final String method;
  private final RequestTarget target;
  private final Fields fields;
  private final int contentLength;

  RequestHead(String method, RequestTarget target, Fields fields, int contentLength) {
    this.method = method;
    this.target = target;
    this.fields = fields;
    this.contentLength = contentLength;
  }

  String method() {
    return method;
  }

  RequestTarget target() {
    return target;
  }

  Fields fields() {
    return fields;
  }

  /** Bytes of body, or {@link #CHUNKED}. */
  int contentLength() {
    return contentLength;
  }

  boolean hasBody() {
    return contentLength != 0;
  }

  /** Whether the client waits to be asked for the body (RFC 9110 section 10.1.1). */
  boolean waitsForContinue() {
    return hasBody() && fields.first(FieldNames.EXPECT) != null;
  }

  /** Whether the connection may serve another request (RFC 9112 section 9.3). */
  boolean keepAlive() {
    return !fields.hasToken(FieldNames.CONNECTION, "close");
  }
}
