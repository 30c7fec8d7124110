package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Loop;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When a closing connection lets its channel go. A server does when both Close frames have passed;
 * a client waits for that. Whoever cannot read any more, and so will not see the peer's Close
 * frame, drops what still comes until it is quiet: a proxy between would take an earlier end for a
 * failure and the peer would never hear why. On the loop only.
 */
final class Farewell {
  private static final long QUIET_NANOS = Duration.ofMillis(200).toNanos();

  private final Channel channel;
  private final NettyLoop loop;
  private final boolean server;
  private final LongSupplier lastReceivedAt;

  private boolean ourCloseLeft;
  private boolean peerClosed;
  private boolean deaf;
  private boolean over;
  private Loop.@Nullable Timer deadline;

  Farewell(Channel channel, NettyLoop loop, boolean server, LongSupplier lastReceivedAt) {
    this.channel = channel;
    this.loop = loop;
    this.server = server;
    this.lastReceivedAt = lastReceivedAt;
  }

  /** Our Close frame is on its way: patience begins to run out. */
  void begin(Duration patience, Runnable abort) {
    deadline = loop.schedule(patience, abort);
  }

  void ourCloseLeft() {
    ourCloseLeft = true;
    letGo();
  }

  void peerClosed() {
    peerClosed = true;
    letGo();
  }

  /** What the peer sends is not read any more. */
  void deaf() {
    deaf = true;
  }

  /** The channel is gone. */
  void over() {
    over = true;
    if (deadline != null) {
      deadline.cancel();
    }
  }

  private void letGo() {
    if (ourCloseLeft && server && !over) {
      if (peerClosed) {
        channel.close();
      } else if (deaf) {
        endWhenQuiet();
      }
    }
  }

  private void endWhenQuiet() {
    if (over) {
      return;
    }
    long quiet = loop.now() - lastReceivedAt.getAsLong();
    if (quiet < QUIET_NANOS) {
      loop.schedule(QUIET_NANOS - quiet, this::endWhenQuiet);
    } else if (channel instanceof DuplexChannel duplex) {
      // not close: a reset could still overtake the Close frame
      SslHandler tls = channel.pipeline().get(SslHandler.class);
      if (tls == null) {
        duplex.shutdownOutput();
      } else {
        tls.closeOutbound().addListener(told -> duplex.shutdownOutput());
      }
    }
  }
}
