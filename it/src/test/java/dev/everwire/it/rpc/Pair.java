package dev.everwire.it.rpc;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.testkit.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Two ends that are connected: Everwire's and a library's. One thread at a time. */
interface Pair {
  Side ours();

  Side theirs();

  /** Ends the connection without a Close frame, and waits until our end knows. */
  void cut() throws Exception;

  /** Connects again; Everwire's client does so by itself. */
  void again() throws Exception;

  void disconnect() throws Exception;

  /** Their client at our server. */
  final class TheirClient implements Pair {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final Theirs theirs;
    private final House house;
    private Theirs.Client client;
    private Side ours;

    TheirClient(Theirs theirs, House house) throws Exception {
      this.theirs = theirs;
      this.house = house;
      client = theirs.connect(house.uri());
      ours = meet();
    }

    private Side meet() throws Exception {
      String name = "client " + NAMES.incrementAndGet();
      Answer unused = client.side().ask("meet", Json.of("{'name':'" + name + "'}"));
      return house.side(name);
    }

    @Override
    public Side ours() {
      return ours;
    }

    @Override
    public Side theirs() {
      return client.side();
    }

    @Override
    public void cut() throws Exception {
      Ongoing held = ours.call("hold", Json.of("{'token': 'cut'}"));
      client.cut();
      Answer unused = held.answer();
    }

    @Override
    public void again() throws Exception {
      client = theirs.connect(house.uri());
      ours = meet();
    }

    @Override
    public void disconnect() throws Exception {
      client.cut();
    }
  }

  /** Our client at their server. */
  final class TheirServer implements Pair {
    private final Theirs.Server server;
    private final Client client;

    TheirServer(Theirs theirs) throws Exception {
      server = theirs.serve();
      ClientBuilder builder = Everwire.client(server.uri()).plain().cancelPlain();
      new Agreed()
          .methods()
          .forEach((name, method) -> builder.method(name, EverwireSide.handler(method)));
      client = builder.reconnect(ReconnectPolicy.fixed(Duration.ofMillis(20))).connect();
    }

    @Override
    public Side ours() {
      return new EverwireSide(client);
    }

    @Override
    public Side theirs() {
      return server.side();
    }

    @Override
    public void cut() throws Exception {
      Ongoing held = ours().call("hold", Json.of("{'token': 'cut'}"));
      server.cut();
      Answer unused = held.answer();
    }

    @Override
    public void again() {
      Await.until(() -> ours().call("echo", Json.of("[1]")).end().join() instanceof Answer.Result);
    }

    @Override
    public void disconnect() throws Exception {
      client.close();
      server.stop();
    }
  }
}
