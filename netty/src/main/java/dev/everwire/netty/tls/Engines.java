package dev.everwire.netty.tls;

import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** What every connection of ours asks for: TLS 1.2 or 1.3, forward secrecy, HTTP/1.1. */
final class Engines {
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /** Best first; all with forward secrecy and authenticated encryption. */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final String[] HTTP = {"http/1.1"};

  private Engines() {}

  static SSLEngine server(SSLContext context, ServerTls.ClientCertificates wanted) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters(context);
    parameters.setUseCipherSuitesOrder(true);
    switch (wanted) {
      case NONE -> {}
      case OPTIONAL -> parameters.setWantClientAuth(true);
      case REQUIRED -> parameters.setNeedClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Checks that the server's certificate is for this host. */
  static SSLEngine client(SSLContext context, String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters(context);
    parameters.setServerNames(engine.getSSLParameters().getServerNames());
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static SSLParameters parameters(SSLContext context) {
    SSLParameters supported = context.getSupportedSSLParameters();
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(both(PROTOCOLS, supported.getProtocols()));
    parameters.setCipherSuites(both(CIPHERS, supported.getCipherSuites()));
    parameters.setApplicationProtocols(HTTP);
    return parameters;
  }

  private static String[] both(List<String> ours, String[] supported) {
    List<String> here = List.of(supported);
    return ours.stream().filter(here::contains).toArray(String[]::new);
  }
}
