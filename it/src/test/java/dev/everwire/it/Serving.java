package dev.everwire.it;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** {@code everwire serve --demo} that has printed its URL. */
public record Serving(Program program, int port) implements AutoCloseable {

  /**
   * @param port 0 for any that is free
   */
  public static Serving on(int port, String... options) throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of("serve", "--demo", "--port", "" + port));
    args.addAll(List.of(options));
    return of(Program.everwire(args.toArray(String[]::new)));
  }

  /** Waits for the URL that it prints. */
  public static Serving of(Program program) throws InterruptedException {
    String url = program.out(line -> line.matches("https?://.*"));
    return new Serving(program, URI.create(url).getPort());
  }

  public String page() {
    return "http://127.0.0.1:" + port;
  }

  public URI uri(String path) {
    return URI.create("ws://127.0.0.1:" + port + path);
  }

  @Override
  public void close() {
    program.close();
  }
}
