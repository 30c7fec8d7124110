package dev.everwire;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Through Netty and a proxy that can be cut. */
class StreamsOverSocketsTest extends StreamContract {
  @Override
  WholeContract network() {
    try {
      return new OverSocketsTest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
