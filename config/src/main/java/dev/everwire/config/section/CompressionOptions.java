package dev.everwire.config.section;

import dev.everwire.config.word.Bytes;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.netty.options.Compression;

/** Whether messages are compressed for clients that offer it. Immutable. */
public record CompressionOptions(
    @Doc("Whether they are.") boolean enabled,
    @Doc("1 is fast, 9 is small.") @Range(min = "1", max = "9") int level,
    @Doc("Shorter messages go uncompressed.") @Bytes @Range(min = "0", max = "1GiB") int threshold,
    @Doc(
            "Whether what we send may refer to earlier messages; costs up to 270 KiB for each connection.")
        boolean sendTakeover,
    @Doc(
            "Whether what the peer sends may refer to earlier messages; costs a window for each connection.")
        boolean receiveTakeover,
    @Doc("How far what we send refers back, as a power of two.") @Range(min = "8", max = "15")
        int sendWindowBits,
    @Doc("How far what the peer sends refers back, as a power of two.")
        @Range(min = "8", max = "15")
        int receiveWindowBits) {
  /** Off. */
  public static final CompressionOptions DEFAULT = of(Compression.DEFAULT, false);

  public static CompressionOptions of(Compression compression, boolean enabled) {
    return new CompressionOptions(
        enabled,
        compression.level(),
        compression.thresholdBytes(),
        compression.sendTakeover(),
        compression.receiveTakeover(),
        compression.sendWindowBits(),
        compression.receiveWindowBits());
  }

  public Compression compression() {
    return new Compression(
        level, threshold, sendTakeover, receiveTakeover, sendWindowBits, receiveWindowBits);
  }
}
