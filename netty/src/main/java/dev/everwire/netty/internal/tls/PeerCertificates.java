package dev.everwire.netty.internal.tls;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Who a client is by the certificate that TLS has verified. */
public final class PeerCertificates {
  private PeerCertificates() {}

  /**
   * The client's own certificate first, then those that signed each the one before. Empty where
   * there is no TLS, where none was asked for or shown, and where it has ended since: a TLS session
   * that is taken up again brings the certificate of its first handshake. On the channel's loop.
   */
  public static List<X509Certificate> of(ChannelPipeline pipeline) {
    SslHandler tls = pipeline.get(SslHandler.class);
    if (tls == null) {
      return List.of();
    }
    SSLEngine engine = tls.engine();
    if (!engine.getNeedClientAuth() && !engine.getWantClientAuth()) {
      return List.of();
    }
    try {
      return signed(engine.getSession().getPeerCertificates());
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // it had none, and need not
    }
  }

  /** A client may send more than what was verified: certificates that sign nothing are left out. */
  static List<X509Certificate> signed(Certificate[] sent) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate next : sent) {
        if (!(next instanceof X509Certificate certificate)) {
          break;
        }
        if (chain.isEmpty()) {
          certificate.checkValidity();
        } else {
          chain.getLast().verify(certificate.getPublicKey());
        }
        chain.add(certificate);
      }
    } catch (GeneralSecurityException e) {
      return chain; // up to the one that is good
    }
    return chain;
  }
}
