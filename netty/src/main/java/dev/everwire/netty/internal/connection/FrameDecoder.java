package dev.everwire.netty.internal.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;

/**
 * Netty's frame decoder, which also tells the transport that bytes came, and holds back frames that
 * were read already while the transport does not want any.
 */
public final class FrameDecoder extends WebSocket13FrameDecoder {
  private final NettyTransport transport;
  private boolean inputEnded;

  FrameDecoder(NettyTransport transport, boolean expectMasked, int maxMessageBytes) {
    super(
        WebSocketDecoderConfig.newBuilder()
            .expectMaskedFrames(expectMasked)
            .maxFramePayloadLength(maxMessageBytes)
            .allowExtensions(false)
            .allowMaskMismatch(false)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build());
    this.transport = transport;
  }

  /** Whether bytes were read that no frame was made of yet. */
  boolean holdsBack() {
    return actualReadableBytes() > 0;
  }

  /** Goes on with what was held back. */
  void resume(ChannelHandlerContext ctx) throws Exception {
    super.channelRead(ctx, Unpooled.EMPTY_BUFFER);
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    if (msg instanceof ByteBuf bytes && bytes.isReadable()) {
      transport.received();
    }
    super.channelRead(ctx, msg);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    inputEnded = true; // what came before the end is still delivered
    super.channelInactive(ctx);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (transport.reading() || inputEnded) {
      super.decode(ctx, in, out);
    }
  }
}
