package dev.everwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private ServerSocket server;
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    proxy = TcpProxy.to(server.getLocalPort());
    Thread.startVirtualThread(this::echo);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void forwardsBothWaysAndPassesAHalfCloseOn() throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write("hello".getBytes());
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes())).isEqualTo("hello");
    }
    Await.until(() -> proxy.connections() == 0);
  }

  @Test
  void aCutEndsConnectionsAndRefusesNewOnes() throws IOException {
    try (Socket socket = connect()) {
      ask(socket);
      proxy.cut();
      assertThatThrownBy(() -> ask(socket)).isInstanceOf(IOException.class);
      assertThatThrownBy(
              () -> {
                try (Socket late = connect()) {
                  ask(late);
                }
              })
          .isInstanceOf(IOException.class);
    }
    proxy.resume();
    try (Socket again = connect()) {
      ask(again);
    }
  }

  @Test
  void aFrozenLinkForwardsNothingUntilItIsMended() throws IOException {
    try (Socket socket = connect()) {
      ask(socket);
      proxy.freeze();
      socket.setSoTimeout(100);
      assertThatThrownBy(() -> ask(socket)).isInstanceOf(SocketTimeoutException.class);
      proxy.resume();
      socket.setSoTimeout(10_000);
      assertThat(socket.getInputStream().read()).isEqualTo('x');
    }
  }

  @Test
  void aSilencedWaySwallowsBytesAndTheNewsOfTheEnd() throws IOException {
    try (Socket other = connect()) {
      Socket socket = connect();
      ask(socket);
      ask(other);
      proxy.silence(Way.UP);
      socket.setSoTimeout(100);
      assertThatThrownBy(() -> ask(socket)).isInstanceOf(SocketTimeoutException.class);
      socket.setSoLinger(true, 0);
      socket.close();
      assertThat(proxy.connections()).isEqualTo(2);
      proxy.resume();
      ask(other); // nothing of it was swallowed
      try (Socket fresh = connect()) {
        ask(fresh);
      }
    }
  }

  @Test
  void cutsAfterSoManyBytes() throws IOException {
    try (Socket socket = connect()) {
      proxy.cutAfter(7);
      for (int i = 0; i < 3; i++) {
        ask(socket); // a byte each way
      }
      assertThatThrownBy(() -> ask(socket)).isInstanceOf(IOException.class);
    }
    Await.until(() -> proxy.connections() == 0);
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void ask(Socket socket) throws IOException {
    socket.getOutputStream().write('x');
    int answer = socket.getInputStream().read();
    if (answer != 'x') {
      throw new IOException("answer: " + answer);
    }
  }

  private void echo() {
    while (true) {
      try {
        Socket socket = server.accept();
        Thread.startVirtualThread(() -> {
          try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
          } catch (IOException e) {
            // cut
          }
        });
      } catch (IOException e) {
        return;
      }
    }
  }
}
