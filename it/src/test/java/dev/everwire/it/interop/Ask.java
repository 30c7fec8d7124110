package dev.everwire.it.interop;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client is to connect to, and how.
 *
 * @param headers to send besides its own
 * @param trust PEM file of the only certificate to trust; null for no TLS
 */
record Ask(URI uri, Map<String, String> headers, Deflate deflate, @Nullable Path trust) {
  static Ask of(URI uri) {
    return new Ask(uri, Map.of(), Deflate.OFF, null);
  }

  Ask header(String name, String value) {
    return new Ask(uri, Map.of(name, value), deflate, trust);
  }

  Ask deflate(Deflate offered) {
    return new Ask(uri, headers, offered, trust);
  }

  Ask trust(Path certificate) {
    return new Ask(uri, headers, deflate, certificate);
  }
}
