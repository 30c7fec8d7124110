package dev.everwire.netty.options;

/** How event loops talk to the operating system. */
public enum IoTransport {
  /** Epoll where it loads (Linux on x86-64 and AArch64), otherwise NIO. */
  AUTO,

  /** Linux only; refused at the start where it does not load. */
  EPOLL,

  /**
   * Linux 5.10 or later; refused at the start where it does not load. Containers often forbid it.
   */
  IO_URING,

  /** The JDK's own, on every platform. */
  NIO
}
