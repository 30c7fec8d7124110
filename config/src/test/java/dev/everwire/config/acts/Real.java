package dev.everwire.config.acts;

import dev.everwire.config.Config;
import dev.everwire.config.Configured;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.server.Server;
import dev.everwire.session.Execution;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server as it is configured, on this machine. */
final class Real implements AutoCloseable {
  /** What somebody sees who connects to it. */
  interface Sight {
    Object of(Real real) throws Exception;
  }

  final Configured configured;
  final Server server;
  final CountDownLatch blocked = new CountDownLatch(1);
  private final CountDownLatch letGo = new CountDownLatch(1);

  Real(Config config) throws ConfigException, IOException {
    configured = Configured.of(config);
    server =
        configured
            .applyTo(Server.builder().values(JacksonValues.create()))
            .method("where", call -> call.caller().remoteAddress(), Execution.NON_BLOCKING)
            .method("thread", call -> Thread.currentThread().getName(), Execution.NON_BLOCKING)
            .method(
                "epoll",
                call ->
                    Arrays.stream(Thread.currentThread().getStackTrace())
                        .anyMatch(frame -> frame.getClassName().contains(".epoll.")),
                Execution.NON_BLOCKING)
            .method(
                "block",
                call -> {
                  blocked.countDown();
                  return letGo.await(20, TimeUnit.SECONDS);
                },
                Execution.NON_BLOCKING)
            .method("words", call -> words(), Execution.NON_BLOCKING)
            .start();
  }

  static Proof.Look seen(Sight sight) {
    return config -> {
      try (Real real = new Real(config)) {
        return sight.of(real);
      }
    };
  }

  /** Whether it can be served at all. */
  static Object served(Config config) throws IOException {
    try (Real real = new Real(config)) {
      return real.server.port() > 0;
    } catch (ConfigException e) {
      return "refused";
    }
  }

  Wire wire() throws IOException {
    return Wire.plain(server.port());
  }

  void letGo() {
    letGo.countDown();
  }

  /** Text that more work makes shorter. */
  private static String words() {
    Random random = new Random(1);
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < 4_000; i++) {
      words.append("word").append(random.nextInt(60)).append(' ');
    }
    return words.toString();
  }

  @Override
  public void close() {
    letGo();
    server.close();
    configured.close();
  }
}
