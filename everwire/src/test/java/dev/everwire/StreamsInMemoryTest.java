package dev.everwire;

/** Where time passes at its usual pace. */
class StreamsInMemoryTest extends StreamContract {
  @Override
  WholeContract network() {
    return new InMemoryTest();
  }
}
