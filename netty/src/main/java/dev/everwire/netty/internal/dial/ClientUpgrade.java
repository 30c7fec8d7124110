package dev.everwire.netty.internal.dial;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A client's connection until the server has agreed to a WebSocket. Leaves the pipeline then. */
final class ClientUpgrade extends ChannelInboundHandlerAdapter {
  private static final int MAX_INTERIM_ANSWERS = 8;

  private final Connecting dial;
  private final UpgradeOffer offer;
  private final DefaultFullHttpRequest request;
  private int interim;
  private UpgradeOffer.@Nullable Agreed agreed; // until the end of the answer was read

  ClientUpgrade(Connecting dial, UpgradeOffer offer, DefaultFullHttpRequest request) {
    this.dial = dial;
    this.offer = offer;
    this.request = request;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.writeAndFlush(request);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (!(message instanceof HttpObject object)) {
        return;
      }
      if (object.decoderResult().isFailure()) {
        dial.failed(0, unreadable(object.decoderResult().cause()), null);
        return;
      }
      if (object instanceof HttpResponse response) {
        answered(response);
      }
      if (object instanceof LastHttpContent && agreed != null) {
        dial.upgraded(this, ctx.channel(), agreed);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    dial.failed(0, "closed the connection before the upgrade", null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    dial.failed(
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause);
    ctx.close();
  }

  private void answered(HttpResponse response) {
    switch (offer.judge(response)) {
      case UpgradeOffer.Agreed good -> agreed = good;
      case UpgradeOffer.Interim more -> {
        interim++;
        if (interim > MAX_INTERIM_ANSWERS) {
          dial.failed(0, "answered with too many interim responses", null);
        }
      }
      case UpgradeOffer.Failed(int status, String what, var retryAfter) ->
          dial.failed(status, what, retryAfter);
    }
  }

  private static String unreadable(Throwable cause) {
    return cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException
        ? "answered with more than 8 KiB of headers"
        : "did not answer with HTTP";
  }
}
