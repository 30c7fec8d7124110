package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import dev.everwire.config.word.Range;
import dev.everwire.netty.options.IoTransport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where connections come from. Immutable. */
public record ListenOptions(
    @Doc("Name or address of one of the machine's interfaces; 0.0.0.0 for all of them.")
        String host,
    @Doc("Port; 0 takes any that is free.") @Range(min = "0", max = "65535") int port,
    @Doc("Listens on this Unix domain socket, for a proxy on the same machine, instead of a port.")
        @Nullable Path unixSocket,
    @Doc("Permissions of the Unix domain socket, as ls writes them.")
        @Form(pattern = "([r-][w-][x-]){3}", expected = "permissions such as rw-rw----")
        String unixPermissions,
    @Doc("Path of the WebSocket.")
        @Form(pattern = "/[A-Za-z0-9/._~-]{0,199}", expected = "a path such as /ws")
        String path,
    @Doc(
            "Lets the server listen where other machines reach it although nobody is asked who they are.")
        boolean open,
    @Doc(
            "Answers only requests whose Host is localhost, a loopback address or one of hosts; none for doing so where the address is a loopback one.")
        @Nullable Boolean loopbackNamesOnly,
    @Doc("Host names that requests are answered for, without a port; none said: any.")
        List<String> hosts,
    @Doc("Number of event loops; none for one per processor.") @Range(min = "1", max = "1024")
        @Nullable Integer loops,
    @Doc("How the event loops talk to the operating system.") IoTransport transport,
    @Doc("How many connections may wait to be accepted.") @Range(min = "1", max = "1000000")
        int backlog,
    @Doc("How many connections may be open that are no WebSocket, or not yet.")
        @Range(min = "1", max = "1000000000")
        int maxHttpConnections,
    @Doc("How long a request may take to come in, with TLS.") @Range(min = "1ms", max = "10m")
        Duration handshakeTimeout,
    @Doc(
            "Whose Forwarded, X-Forwarded-For and PROXY headers are believed: addresses, blocks such as 10.0.0.0/8, or unix: for whoever comes through a Unix domain socket.")
        List<String> trustProxies,
    @Doc("Whether each connection of a trusted proxy begins with a PROXY header, version 1 or 2.")
        boolean proxyProtocol) {
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "localhost|127(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}|\\[?::1]?|\\[?(0{1,4}:){7}0{0,3}1]?");

  /** 127.0.0.1, port 8080, path /ws. */
  public static final ListenOptions DEFAULT =
      new ListenOptions(
          "127.0.0.1",
          8080,
          null,
          "rw-rw----",
          "/ws",
          false,
          null,
          List.of(),
          null,
          IoTransport.AUTO,
          4096,
          10_000,
          Duration.ofSeconds(10),
          List.of(),
          false);

  public ListenOptions {
    hosts = List.copyOf(hosts);
    trustProxies = List.copyOf(trustProxies);
  }

  /**
   * Whether only who is on this machine gets there. Nobody is asked for a name: what is not known
   * to be the machine itself is not it. A socket's file, trusted proxies and other names of hosts
   * say that somebody stands in front who lets others through.
   */
  public boolean local() {
    return unixSocket == null
        && trustProxies.isEmpty()
        && loopback()
        && hosts.stream().allMatch(name -> LOOPBACK.matcher(name).matches());
  }

  /** Whether the address is one of the machine itself. */
  public boolean loopback() {
    return LOOPBACK.matcher(host).matches();
  }
}
