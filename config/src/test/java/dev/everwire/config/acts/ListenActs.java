package dev.everwire.config.acts;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** listen and compression: over sockets of this machine. */
final class ListenActs {
  private static final String OFFER =
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
  private static final String PROXY = "PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\n";

  private ListenActs() {}

  static List<Proof> all() {
    List<Proof> all = new ArrayList<>(places());
    all.addAll(requests());
    all.addAll(compression());
    return all;
  }

  private static List<Proof> places() {
    Path socket = Pki.path("s");
    return List.of(
        Proof.of("listen.host", "127.0.0.1", "127.0.0.2")
            .looked(config -> {
              onLinux(); // elsewhere there is only one loopback address
              return Real.seen(ListenActs::reached).at(config);
            }),
        Proof.of("listen.port", free(), free()).looked(Real.seen(real -> real.server.port())),
        Proof.of("listen.unixSocket", "none", socket)
            .with("listen.open", true)
            .looked(
                Real.seen(real -> {
                  try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                    return channel.isConnected();
                  } catch (IOException e) {
                    return false;
                  }
                })),
        Proof.of("listen.unixPermissions", "rw-------", "rw-rw----")
            .with("listen.unixSocket", socket)
            .with("listen.open", true)
            .looked(Real.seen(real -> Files.getPosixFilePermissions(socket))),
        Proof.of("listen.open", true, false).with("listen.host", "0.0.0.0").looked(Real::served),
        Proof.of("listen.loops", 1, 3)
            .looked(
                Real.seen(real -> {
                  Set<String> threads = new HashSet<>();
                  for (int i = 0; i < 6; i++) {
                    threads.add(called(real, "", "thread"));
                  }
                  return threads.size();
                })),
        Proof.of("listen.transport", "auto", "nio")
            .looked(
                Real.seen(real -> {
                  onLinux(); // elsewhere there is only one
                  return called(real, "", "epoll");
                })),
        Proof.of("listen.backlog", 1, 200).looked(Real.seen(ListenActs::waiting)));
  }

  private static void onLinux() {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
  }

  private static Object reached(Real real) {
    try (Wire wire = real.wire()) {
      return wire.upgrade("").status();
    } catch (IOException e) {
      return "nobody there";
    }
  }

  private static List<Proof> requests() {
    return List.of(
        Proof.of("listen.path", "/ws", "/other").seen(world -> world.dial().status()),
        Proof.of("listen.loopbackNamesOnly", true, false)
            .seen(world -> world.dial("host", "a.example").status()),
        Proof.of("listen.hosts", "[a.example]", "[b.example]")
            .with("listen.loopbackNamesOnly", false)
            .with("listen.open", true)
            .seen(world -> world.dial("host", "a.example").status()),
        Proof.of("listen.handshakeTimeout", "50ms", "10m")
            .looked(
                Real.seen(real -> {
                  try (Wire silent = real.wire()) {
                    silent.socket.setSoTimeout(1_000);
                    return silent.answer().status();
                  } catch (SocketTimeoutException e) {
                    return "waits";
                  } catch (IOException e) {
                    return "closed";
                  }
                })),
        Proof.of("listen.maxHttpConnections", 1, 100)
            .looked(
                Real.seen(real -> {
                  try (Wire first = real.wire();
                      Wire second = real.wire()) {
                    first.send("GET /ws HTTP/1.1\r\n");
                    return second.upgrade("").status();
                  } catch (IOException e) {
                    return "closed";
                  }
                })),
        Proof.of("listen.trustProxies", "[]", "[127.0.0.1]")
            .with("listen.open", true)
            .looked(
                Real.seen(real ->
                    called(real, "X-Forwarded-For: 192.0.2.7\r\n", "where").contains("192.0.2.7"))),
        Proof.of("listen.proxyProtocol", false, true)
            .with("listen.trustProxies", "[127.0.0.1]")
            .with("listen.open", true)
            .looked(
                Real.seen(real -> {
                  try (Wire wire = real.wire()) {
                    return wire.send(PROXY).upgrade("").status();
                  }
                })));
  }

  private static List<Proof> compression() {
    return List.of(
        Proof.of("compression.enabled", true, false).looked(Real.seen(ListenActs::agreed)),
        compression("level", 1, 9).looked(Real.seen(real -> words(real).length())),
        compression("threshold", "0", "1MiB").looked(Real.seen(real -> words(real).compressed())),
        compression("sendTakeover", true, false).looked(Real.seen(ListenActs::agreed)),
        compression("receiveTakeover", true, false).looked(Real.seen(ListenActs::agreed)),
        compression("sendWindowBits", 9, 15).looked(Real.seen(real -> words(real).length())),
        compression("receiveWindowBits", 10, 15).looked(Real.seen(ListenActs::agreed)));
  }

  private static Proof compression(String option, Object one, Object other) {
    return Proof.of("compression." + option, one, other).with("compression.enabled", true);
  }

  private static Object agreed(Real real) throws IOException {
    try (Wire wire = real.wire()) {
      return wire.upgrade(OFFER).headers().getOrDefault("sec-websocket-extensions", "nothing");
    }
  }

  private static Wire.Frame words(Real real) throws IOException {
    try (Wire wire = real.wire()) {
      wire.upgrade(OFFER);
      return wire.call("words");
    }
  }

  private static String called(Real real, String headers, String method) throws IOException {
    try (Wire wire = real.wire()) {
      wire.upgrade(headers);
      return wire.call(method).text();
    }
  }

  /** Whether twenty may wait while the only event loop, which accepts them, does something else. */
  private static Object waiting(Real real) throws Exception {
    List<Socket> all = new ArrayList<>();
    try (Wire wire = real.wire()) {
      wire.upgrade("");
      wire.request("block");
      if (!real.blocked.await(10, TimeUnit.SECONDS)) {
        throw new AssertionError("not called");
      }
      for (int i = 0; i < 20; i++) {
        Socket socket = new Socket();
        all.add(socket);
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), real.server.port()), 400);
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      real.letGo();
      for (Socket socket : all) {
        socket.close();
      }
    }
  }

  private static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
