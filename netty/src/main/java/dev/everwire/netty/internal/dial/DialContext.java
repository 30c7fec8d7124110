package dev.everwire.netty.internal.dial;

import dev.everwire.netty.internal.loop.EventLoops;
import dev.everwire.netty.options.Compression;
import dev.everwire.netty.options.ForwardProxy;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What an attempt needs to know of its dialer. */
public interface DialContext {
  EventLoops eventLoops();

  ByteBufAllocator allocator();

  /**
   * Whom to trust and who we are. May block while it reads files.
   *
   * @throws IOException with one sentence that says which file cannot be used
   */
  SSLContext tls() throws IOException, NoSuchAlgorithmException;

  /** What to offer, or null for nothing. */
  @Nullable Compression compression();

  /** Null if all connections are direct. */
  @Nullable ForwardProxy proxy();

  /** The attempt ended. */
  void forget(DialAttempt attempt);
}
