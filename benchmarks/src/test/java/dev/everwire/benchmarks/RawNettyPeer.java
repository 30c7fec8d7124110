package dev.everwire.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.InputStream;
import java.net.InetSocketAddress;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What anybody gets from Netty as it comes: its own WebSocket handlers, one flush per read, no
 * limits, no heartbeat, no sessions. {@code /echo}, {@code /broadcast} to everybody on that path,
 * and {@code /rpc}, JSON-RPC by Jackson's tree. The yardstick for Everwire's server.
 */
public final class RawNettyPeer implements AutoCloseable {
  private static final int MAX_FRAME = 64 * 1024 * 1024;
  private static final int BACKLOG = 4096;

  private final EventLoopGroup group;
  private final Channel listening;
  private final ChannelGroup everybody = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final JsonMapper mapper = JsonMapper.builder().build();

  RawNettyPeer(int port) throws InterruptedException {
    boolean epoll = Epoll.isAvailable();
    group =
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    listening =
        new ServerBootstrap()
            .group(group)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Connected())
            .bind("127.0.0.1", port)
            .sync()
            .channel();
  }

  /** Serves until the process is ended. */
  public static void main(String[] args) throws InterruptedException {
    RawNettyPeer peer = new RawNettyPeer(args.length == 0 ? 0 : Integer.parseInt(args[0]));
    System.out.println("http://127.0.0.1:" + peer.port());
    peer.listening.closeFuture().sync();
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public void close() {
    group.shutdownGracefully().awaitUninterruptibly();
  }

  private final class Connected extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      WebSocketServerProtocolConfig config =
          WebSocketServerProtocolConfig.newBuilder()
              .websocketPath("/")
              .checkStartsWith(true)
              .maxFramePayloadLength(MAX_FRAME)
              .build();
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(),
              new HttpObjectAggregator(64 * 1024),
              new WebSocketServerProtocolHandler(config),
              new Upgraded());
    }
  }

  /** Gives way to what the path asks for. */
  private final class Upgraded extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
      if (event instanceof HandshakeComplete complete) {
        switch (complete.requestUri()) {
          case "/echo" -> ctx.pipeline().replace(this, null, new Echo());
          case "/broadcast" -> {
            everybody.add(ctx.channel());
            ctx.pipeline().replace(this, null, new Broadcast());
          }
          case "/rpc" -> ctx.pipeline().replace(this, null, new Rpc());
          default -> ctx.close();
        }
      }
      super.userEventTriggered(ctx, event);
    }
  }

  private static class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      ctx.write(frame);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private final class Broadcast extends Echo {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      everybody.write(frame);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      everybody.flush();
    }
  }

  private final class Rpc extends Echo {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      try {
        JsonNode call = mapper.readTree((InputStream) new ByteBufInputStream(text(frame)));
        ObjectNode answer = mapper.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", call.get("id"));
        if (call.path("method").asString().equals("echo")) {
          answer.set("result", call.get("params"));
        } else {
          answer.putObject("error").put("code", -32601).put("message", "Method not found");
        }
        byte[] bytes = mapper.writeValueAsBytes(answer);
        ctx.write(new TextWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
      } finally {
        ReferenceCountUtil.release(frame);
      }
    }

    private static ByteBuf text(Object frame) {
      return ((WebSocketFrame) frame).content();
    }
  }
}
