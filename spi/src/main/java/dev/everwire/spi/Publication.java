package dev.everwire.spi;

import dev.everwire.protocol.json.RawJson;

/**
 * One entry of a topic's stream.
 *
 * @param offset within the stream's epoch, 1 or more
 */
public record Publication(long offset, RawJson data) {
  public Publication {
    if (offset < 1) {
      throw new IllegalArgumentException("offset: " + offset + " (expected: >= 1)");
    }
  }
}
