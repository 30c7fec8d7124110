package dev.everwire.netty.internal.dial;

import dev.everwire.netty.internal.loop.EventLoops;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import java.security.NoSuchAlgorithmException;

/** What an attempt needs to know of its dialer. */
public interface DialContext {
  EventLoops eventLoops();

  ByteBufAllocator allocator();

  /** Checks the server's certificate and name. May block while it reads whom to trust. */
  SslContext tls() throws NoSuchAlgorithmException;

  /** The attempt ended. */
  void forget(DialAttempt attempt);
}
