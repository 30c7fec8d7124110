package dev.everwire.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.it.Program;
import dev.everwire.it.Tools;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A proxy in a process of its own, run with the configuration that the documents show. */
final class Proxy implements AutoCloseable {
  private static final Path DOCUMENTS =
      Path.of(System.getProperty("everwire.home"), "docs", "operations");
  private static final int TRIES = 3;

  enum Brand {
    NGINX("nginx.conf", "listen 80;", "unix:"),
    HAPROXY("haproxy.cfg", "bind :80\n", "unix@");

    private final String document;
    private final String listen;
    private final String unix;

    Brand(String document, String listen, String unix) {
      this.document = document;
      this.listen = listen;
      this.unix = unix;
    }

    /** Where the document says on which port it accepts. */
    String listen() {
      return listen;
    }

    /** In front of one port. */
    Proxy before(int port, Path directory) throws Exception {
      return start(directory, listen, Map.of("127.0.0.1:8080", "127.0.0.1:" + port));
    }

    /** In front of a Unix domain socket. */
    Proxy before(Path socket, Path directory) throws Exception {
      return start(directory, listen, Map.of("127.0.0.1:8080", unix + socket));
    }

    /**
     * @param directory for its files
     * @param accepts the line that says on which port it accepts; there it gets a free one
     * @param other what else to put in for what
     */
    Proxy start(Path directory, String accepts, Map<String, String> other) throws Exception {
      for (int left = TRIES; ; left--) {
        int port = freePort(); // by now; somebody else may be faster
        String own = accepts.replaceFirst(":?\\d+", "127.0.0.1:" + port);
        String text = replaced(Files.readString(DOCUMENTS.resolve(document)), accepts, own);
        for (Map.Entry<String, String> one : other.entrySet()) {
          text = replaced(text, one.getKey(), one.getValue());
        }
        Program program =
            start(directory, text.replaceAll("bind :\\d+", "bind 127.0.0.1:" + freePort()));
        Await.until(() -> !program.alive() || accepts(port));
        if (program.alive()) {
          return new Proxy(program, port);
        }
        assertThat(left).as("%s", program).isGreaterThan(1);
      }
    }

    private Program start(Path directory, String text) throws Exception {
      Path main = directory.resolve("main.conf");
      return switch (this) {
        case NGINX -> {
          Files.writeString(directory.resolve("everwire.conf"), text);
          Files.writeString(main, nginx(directory));
          Path nginx = Tools.find("nginx");
          yield Program.start(
              "nginx",
              List.of(nginx.toString(), "-e", "stderr", "-p", directory + "/", "-c", main + ""),
              directory.toFile());
        }
        case HAPROXY -> {
          Files.writeString(main, "global\n  maxconn 500\n" + text);
          Path haproxy = Tools.find("haproxy");
          yield Program.start(
              "haproxy", List.of(haproxy.toString(), "-db", "-f", main + ""), directory.toFile());
        }
      };
    }

    private static String nginx(Path directory) {
      return """
      daemon off;
      master_process off;
      pid DIR/pid;
      events {}
      http {
        access_log off;
        client_body_temp_path DIR/body;
        proxy_temp_path DIR/proxy;
        fastcgi_temp_path DIR/fastcgi;
        uwsgi_temp_path DIR/uwsgi;
        scgi_temp_path DIR/scgi;
        include DIR/everwire.conf;
      }
      """
          .replace("DIR", directory.toString());
    }

    private static String replaced(String text, String old, String replacement) {
      assertThat(text).contains(old);
      return text.replace(old, replacement);
    }
  }

  private final Program program;
  private final int port;

  private Proxy(Program program, int port) {
    this.program = program;
    this.port = port;
  }

  URI uri(String path) {
    return URI.create("ws://127.0.0.1:" + port + path);
  }

  @Override
  public void close() {
    program.close();
  }

  @Override
  public String toString() {
    return program.toString();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean accepts(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
