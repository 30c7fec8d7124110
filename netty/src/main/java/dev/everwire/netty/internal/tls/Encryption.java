package dev.everwire.netty.internal.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Stands behind the TLS handler: what a peer does wrong there ends the connection and is told to
 * one, who knows how loud to be. A peer that says goodbye (close_notify) is taken at its word; one
 * that vanishes without is a lost connection like any other.
 */
public final class Encryption extends ChannelInboundHandlerAdapter {
  private final Consumer<SSLException> failed;

  private Encryption(Consumer<SSLException> failed) {
    this.failed = failed;
  }

  /**
   * Puts TLS ahead of all handlers there are. Has no deadline of its own: handshakes count into
   * that of whoever calls.
   *
   * @param failed is told of what broke, on the loop; the connection is closed after that
   */
  public static void install(
      ChannelPipeline pipeline, SSLEngine engine, Consumer<SSLException> failed) {
    var tls = new SslHandler(engine);
    tls.setHandshakeTimeoutMillis(0);
    pipeline.addFirst(tls, new Encryption(failed)); // in this order
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ctx.fireUserEventTriggered(event);
    if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable root =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (root instanceof SSLException broken) {
      failed.accept(broken);
      ctx.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }
}
