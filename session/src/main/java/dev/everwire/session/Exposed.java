package dev.everwire.session;

/**
 * One method that a peer may call: its name, what serves it and how that runs. Immutable; safe from
 * any thread.
 */
public final class Exposed {
  private static final int LONGEST_NAME = 256;

  private final String name;
  private final Handler handler;
  private final Execution execution;

  private Exposed(String name, Handler handler, Execution execution) {
    this.name = name;
    this.handler = handler;
    this.execution = execution;
  }

  /**
   * @param name 1–256 characters; names that begin with {@code _}, {@code rpc.} or {@code $/} are
   *     reserved
   * @throws IllegalArgumentException if the name is reserved or malformed
   */
  public static Exposed of(String name, Handler handler, Execution execution) {
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException("name: \"" + name + "\" (expected: 1-256 characters)");
    }
    if (name.startsWith("_") || name.startsWith("rpc.") || name.startsWith("$/")) {
      throw new IllegalArgumentException(
          "name: \"" + name + "\" (expected: not to begin with _, rpc. or $/)");
    }
    return new Exposed(name, handler, execution);
  }

  public String name() {
    return name;
  }

  public Handler handler() {
    return handler;
  }

  public Execution execution() {
    return execution;
  }

  /** The same method, served by another handler. */
  Exposed servedBy(Handler other) {
    return new Exposed(name, other, execution);
  }
}
