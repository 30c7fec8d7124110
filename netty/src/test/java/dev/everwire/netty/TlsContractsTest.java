package dev.everwire.netty;

import dev.everwire.netty.tls.ClientTls;
import dev.everwire.netty.tls.ServerTls;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Loop;
import dev.everwire.testkit.ClosingContract;
import dev.everwire.testkit.DecidingContract;
import dev.everwire.testkit.LoopContract;
import dev.everwire.testkit.TransportContract;
import dev.everwire.testkit.TransportHarness;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contracts with TLS between the two ends. */
class TlsContractsTest {
  @TempDir private static Path folder;
  private static ServerTls server;
  private static ClientTls client;

  @BeforeAll
  static void issue() throws Exception {
    var certificates = new Certificates(folder);
    var issued = certificates.server("server");
    server = ServerTls.pem(issued.chain(), issued.key());
    client = ClientTls.trusting(certificates.authority());
  }

  @Nested
  class Transport extends TransportContract {
    @Override
    protected TransportHarness harness() {
      return new Encrypted();
    }
  }

  @Nested
  class Closing extends ClosingContract {
    @Override
    protected TransportHarness harness() {
      return new Encrypted();
    }
  }

  @Nested
  class Deciding extends DecidingContract {
    @Override
    protected TransportHarness harness() {
      return new Encrypted();
    }
  }

  @Nested
  class Loops extends LoopContract {
    @Override
    protected TransportHarness harness() {
      return new Encrypted();
    }
  }

  /** Dials {@code wss} where {@code ws} is asked for. */
  private static final class Encrypted implements TransportHarness, Dialer {
    private final NettyHarness plain =
        new NettyHarness(listener -> listener.tls(server), builder -> builder.tls(client));

    @Override
    public Attempt dial(Request request, Loop loop, Result result) {
      return plain
          .dialer()
          .dial(
              new Request(
                  URI.create(request.uri().toString().replace("ws:", "wss:")),
                  request.headers(),
                  request.subprotocols(),
                  request.timeout(),
                  request.limits()),
              loop,
              result);
    }

    @Override
    public Loop loop() {
      return plain.dialer().loop();
    }

    @Override
    public Listener listener() {
      return plain.listener();
    }

    @Override
    public Dialer dialer() {
      return this;
    }

    @Override
    public URI nowhere() {
      return plain.nowhere();
    }

    @Override
    public URI silent() {
      return plain.silent();
    }

    @Override
    public void until(BooleanSupplier condition) {
      plain.until(condition);
    }

    @Override
    public void pass(Duration time) {
      plain.pass(time);
    }

    @Override
    public void close() {
      plain.close();
    }
  }
}
