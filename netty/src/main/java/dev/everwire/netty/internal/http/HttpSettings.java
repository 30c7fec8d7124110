package dev.everwire.netty.internal.http;

import dev.everwire.netty.options.Compression;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a listener wants of its connections while they speak HTTP.
 *
 * @param handshakeTimeout for a whole request to come in: the first from the accept on, TLS
 *     included, each later one from the moment the answer before it left
 * @param trustedProxies whose word on addresses counts
 * @param proxyProtocol whether each connection begins with a PROXY header
 * @param compression what may be agreed on, or null for none
 * @param strictTransport how long browsers are told to come by TLS only, zero for not at all
 */
public record HttpSettings(
    Duration handshakeTimeout,
    TrustedProxies trustedProxies,
    boolean proxyProtocol,
    @Nullable Compression compression,
    Duration strictTransport) {
  public HttpSettings {
    if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
      throw new IllegalArgumentException(
          "handshakeTimeout: " + handshakeTimeout + " (expected: > 0)");
    }
  }

  /** Without a word on TLS. */
  HttpSettings(
      Duration handshakeTimeout,
      TrustedProxies trustedProxies,
      boolean proxyProtocol,
      @Nullable Compression compression) {
    this(handshakeTimeout, trustedProxies, proxyProtocol, compression, Duration.ZERO);
  }
}
