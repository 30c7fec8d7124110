package dev.everwire.netty.internal.deflate;

/** How inflating went on. After anything but {@link #OK} the connection has to end. */
public enum Outcome {
  OK,
  /** The message would get longer than its limit (close code 1009). */
  TOO_LARGE,
  /** Not deflate data, or cut off (close code 1007). */
  CORRUPT
}
