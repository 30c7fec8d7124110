package dev.everwire.config;

import dev.everwire.auth.JwtAuthenticator;
import dev.everwire.spi.auth.Credentials;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Who reads signed tokens as they are configured, in a time that a test moves. */
public final class TokensAt {
  private TokensAt() {}

  public static JwtAuthenticator open(Config config, InstantSource time) throws IOException {
    return JwtAuthenticator.open(Identification.jwt(config.auth().jwt()), Runnable::run, time);
  }

  public static Credentials shown(String token) {
    return new Credentials(
        Credentials.Occasion.HANDSHAKE, "/ws", "192.0.2.1:4711", token, Map.of(), List.of());
  }
}
