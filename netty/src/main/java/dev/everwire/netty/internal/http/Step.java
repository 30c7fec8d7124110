package dev.everwire.netty.internal.http;

import dev.everwire.netty.internal.http.Step.Body;
import dev.everwire.netty.internal.http.Step.More;
import dev.everwire.netty.internal.http.Step.Refusal;

/** What {@link RequestReader} came to. */
sealed interface Step permits More, RequestHead, Body, Refusal {

  /** All bytes were used, and more are needed. */
  enum More implements Step {
    NEEDED
  }

  /** The end of a request whose head said that it has a body. Handed over. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  record Body(byte[] bytes) implements Step {}

  /**
   * The request is not served, and nothing more of this connection is.
   *
   * @param text for the peer, never any of its own bytes
   */
  record Refusal(int status, String text) implements Step {
    static final Refusal BAD_REQUEST_LINE = new Refusal(400, "request line is not valid");
    static final Refusal BAD_TARGET = new Refusal(400, "request target is not valid");
    static final Refusal BAD_HEADER = new Refusal(400, "header is not valid");
    static final Refusal BAD_HOST = new Refusal(400, "one valid Host is needed");
    static final Refusal REPEATED = new Refusal(400, "Authorization or Origin is repeated");
    static final Refusal BAD_ORIGIN = new Refusal(400, "Origin is not one origin");
    static final Refusal BAD_LENGTH = new Refusal(400, "Content-Length is not valid");
    static final Refusal BAD_CODING = new Refusal(400, "Transfer-Encoding is not valid");
    static final Refusal BAD_CHUNK = new Refusal(400, "chunk is not valid");
    static final Refusal TWO_LENGTHS = new Refusal(400, "Content-Length beside Transfer-Encoding");
    static final Refusal BODY_TOO_LARGE = new Refusal(413, "body too large");
    static final Refusal TARGET_TOO_LONG = new Refusal(414, "request target too long");
    static final Refusal UNKNOWN_EXPECTATION = new Refusal(417, "unknown expectation");
    static final Refusal HEADERS_TOO_LARGE = new Refusal(431, "headers too large");
    static final Refusal UNKNOWN_METHOD = new Refusal(501, "method not implemented");
    static final Refusal UNKNOWN_CODING = new Refusal(501, "transfer coding not implemented");
    static final Refusal WRONG_VERSION = new Refusal(505, "HTTP/1.1 is spoken here");
  }
}
