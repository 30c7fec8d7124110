package dev.everwire.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everwire.netty.options.IoTransport;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.RecordingReceiver;
import io.netty.channel.uring.IoUring;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers on Unix domain sockets. */
@DisabledOnOs(OS.WINDOWS)
class UnixTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO", "IO_URING"})
  void messagesGoBothWays(IoTransport io) throws Exception {
    assumeTrue(io != IoTransport.IO_URING || IoUring.isAvailable());
    var house = new House();
    try (Listener.Listening listening = house.open(socket(), unix -> unix.transport(io));
        Peer peer = new Peer(socket())) {
      assertThat(listening.host()).isEqualTo("unix:" + socket());
      assertThat(listening.port()).isZero();
      peer.upgrade("");
      peer.write(RawClient.text("hello"));
      assertThat(peer.read(7)).isEqualTo(bytes(0x81, 5, 'h', 'e', 'l', 'l', 'o'));
    }
    house.buffers.assertAllFreed();
  }

  @Test
  void thePeerIsCalledUnix() throws Exception {
    var house = new House();
    try (Listener.Listening listening = house.open(socket(), UnaryOperator.identity());
        Peer peer = new Peer(socket())) {
      peer.upgrade("X-Forwarded-For: 192.0.2.7\r\n");
      assertThat(house.visitors.take().remoteAddress()).isEqualTo("unix");
      assertThat(listening.loops()).hasSize(1);
    }
  }

  @Test
  void aProxyBehindTheSocketIsBelievedIfToldSo() throws Exception {
    var house = new House();
    try (Listener.Listening listening = house.open(socket(), unix -> unix.trustProxies("unix:"));
        Peer peer = new Peer(socket())) {
      peer.upgrade("X-Forwarded-For: 192.0.2.7\r\n");
      assertThat(house.visitors.take().remoteAddress()).startsWith("192.0.2.7");
      assertThat(listening.port()).isZero();
    }
  }

  @Test
  void theFileIsForTheUserAndTheGroupAndGoesWithTheListener() throws Exception {
    Listener.Listening listening = new House().open(socket(), UnaryOperator.identity());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
        .isEqualTo("rw-rw----");
    assertThat(files()).containsExactly(socket());
    listening.close();
    listening.close();
    assertThat(files()).isEmpty();
  }

  @Test
  void permissionsCanBeChosen() throws Exception {
    try (Listener.Listening listening =
        NettyListener.unix(socket(), "rw-rw-rw-").loops(1).listen(new House())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
          .isEqualTo("rw-rw-rw-");
      assertThat(listening.port()).isZero();
    }
    assertThatThrownBy(() -> NettyListener.unix(socket(), "everybody"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatADeadProcessLeftIsReplaced() throws Exception {
    leaveStale(socket());
    try (Listener.Listening listening = new House().open(socket(), UnaryOperator.identity());
        Peer peer = new Peer(socket())) {
      peer.upgrade("");
      assertThat(listening.port()).isZero();
    }
  }

  @Test
  void aSocketThatSomebodyListensOnIsLeftAlone() throws Exception {
    try (Listener.Listening first = new House().open(socket(), UnaryOperator.identity())) {
      assertThatThrownBy(() -> new House().open(socket(), UnaryOperator.identity()))
          .isInstanceOf(IOException.class)
          .hasMessage(socket() + " is already in use");
      try (Peer peer = new Peer(socket())) {
        peer.upgrade("");
      }
      assertThat(first.port()).isZero();
    }
  }

  @Test
  void aFileThatIsNoSocketIsNeverDeleted() throws Exception {
    Files.writeString(socket(), "precious");
    assertThatThrownBy(() -> new House().open(socket(), UnaryOperator.identity()))
        .isInstanceOf(IOException.class)
        .hasMessage(socket() + " exists and is not a socket");
    assertThat(socket()).hasContent("precious");
    Path link = Files.createSymbolicLink(folder.resolve("link"), socket());
    assertThatThrownBy(() -> new House().open(link, UnaryOperator.identity()))
        .hasMessage(link + " exists and is not a socket");
    assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void aSuccessorsSocketIsNotRemoved() throws Exception {
    Listener.Listening first = new House().open(socket(), UnaryOperator.identity());
    Files.delete(socket());
    try (Listener.Listening second = new House().open(socket(), UnaryOperator.identity())) {
      assertThat(second.port()).isZero();
      first.close();
      try (Peer peer = new Peer(socket())) {
        peer.upgrade("");
      }
    }
  }

  @Test
  void aPathThatIsTooLongIsNamed() {
    Path deep = folder.resolve("x".repeat(100));
    assertThatThrownBy(() -> new House().open(deep, UnaryOperator.identity()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the path of a Unix socket is too long: " + deep);
    Path nowhere = folder.resolve("none").resolve("s");
    assertThatThrownBy(() -> new House().open(nowhere, UnaryOperator.identity()))
        .hasMessage("the directory of " + nowhere + " does not exist");
    assertThat(files()).isEmpty();
  }

  /** Bound and closed by hand: the JDK leaves the file, as a killed process does. */
  private static void leaveStale(Path path) throws IOException {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(Files.exists(path)).isTrue();
  }

  private Path socket() {
    return folder.resolve("s");
  }

  private Stream<Path> files() {
    try (Stream<Path> found = Files.list(folder)) {
      return found.toList().stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(int... values) {
    var out = new ByteArrayOutputStream();
    for (int value : values) {
      out.write(value);
    }
    return out.toByteArray();
  }

  /** Echoes text. */
  private static final class House implements Acceptor {
    private final Buffers buffers = new Buffers();
    private final BlockingQueue<Handshake> visitors = new LinkedBlockingQueue<>();

    Listener.Listening open(Path socket, UnaryOperator<NettyListener> options) throws IOException {
      return options
          .apply(NettyListener.unix(socket).loops(1).allocator(buffers.allocator()))
          .listen(this);
    }

    @Override
    public Answer upgrade(Handshake handshake) {
      visitors.add(handshake);
      return new Accept(
          null,
          TransportLimits.SERVER,
          transport ->
              new RecordingReceiver(
                  message -> transport.sendText(ByteBuffer.wrap(message.bytes()))));
    }

    @Override
    public void http(HttpRequest request, Consumer<HttpReply> reply) {
      reply.accept(HttpReply.text(200, "hello"));
    }
  }

  /** A client of the JDK's. */
  private static final class Peer implements AutoCloseable {
    private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);

    Peer(Path socket) throws IOException {
      channel.connect(UnixDomainSocketAddress.of(socket));
    }

    void upgrade(String header) throws IOException {
      write(
          RawClient.upgradeRequest()
              .replace("Upgrade: websocket\r\n", "Upgrade: websocket\r\n" + header)
              .getBytes(ISO_8859_1));
      var answer = new StringBuilder();
      while (!answer.toString().endsWith("\r\n\r\n")) {
        answer.append(new String(read(1), ISO_8859_1));
      }
      assertThat(answer.toString()).startsWith("HTTP/1.1 101 ");
    }

    void write(byte[] bytes) throws IOException {
      ByteBuffer out = ByteBuffer.wrap(bytes);
      while (out.hasRemaining()) {
        channel.write(out);
      }
    }

    byte[] read(int count) throws IOException {
      ByteBuffer in = ByteBuffer.allocate(count);
      while (in.hasRemaining()) {
        if (channel.read(in) < 0) {
          throw new IOException("end");
        }
      }
      return in.array();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
