package dev.everwire.config.section;

import dev.everwire.config.word.Bytes;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.server.memory.MemoryBroker;

/** What topics keep in memory for those who come back. Immutable. */
public record BrokerOptions(
    @Doc("Bytes of history of all topics together.") @Bytes @Range(min = "1KiB") long historyBytes,
    @Doc("Most topics.") @Range(min = "1", max = "100000000") int topics,
    @Doc(
            "Bytes of one topic that wait to be delivered; a publication that finds no room is refused.")
        @Bytes
        @Range(min = "1KiB")
        long undeliveredBytes) {
  public static final BrokerOptions DEFAULT = of(MemoryBroker.Bounds.DEFAULT);

  public static BrokerOptions of(MemoryBroker.Bounds bounds) {
    return new BrokerOptions(bounds.historyBytes(), bounds.topics(), bounds.undeliveredBytes());
  }

  public MemoryBroker.Bounds bounds() {
    return new MemoryBroker.Bounds(historyBytes, topics, undeliveredBytes);
  }
}
