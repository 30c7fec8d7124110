package dev.everwire.session;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One method that a peer may call: its name, what serves it and how that runs. Immutable; safe from
 * any thread.
 */
public final class Exposed {
  private static final int LONGEST_NAME = 256;

  private final String name;
  private final Handler handler;
  private final Execution execution;
  private final Errors raised;
  private final @Nullable Signature signature;
  private final @Nullable Restriction restriction;

  private Exposed(
      String name,
      Handler handler,
      Execution execution,
      Errors raised,
      @Nullable Signature signature,
      @Nullable Restriction restriction) {
    this.name = name;
    this.handler = handler;
    this.execution = execution;
    this.raised = raised;
    this.signature = signature;
    this.restriction = restriction;
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
    return new Exposed(name, handler, execution, Errors.NONE, null, null);
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

  /** What its handler fails with on purpose, before what holds for all methods. */
  public Exposed raising(Errors errors) {
    return new Exposed(name, handler, execution, errors, signature, restriction);
  }

  Errors raised() {
    return raised;
  }

  /** What it takes and answers, if that is known. */
  public Optional<Signature> signature() {
    return Optional.ofNullable(signature);
  }

  /**
   * The same method, described.
   *
   * @throws IllegalArgumentException if the description is of another name
   */
  public Exposed describedBy(Signature description) {
    if (!description.name().equals(name)) {
      throw new IllegalArgumentException(
          "signature: \"" + description.name() + "\" (expected: \"" + name + "\")");
    }
    return new Exposed(name, handler, execution, raised, description, restriction);
  }

  /** Whom it is for; empty if it does not say. */
  public Optional<Restriction> restriction() {
    return Optional.ofNullable(restriction);
  }

  /** The same method, also restricted to these; whatever it is restricted to already holds too. */
  public Exposed restrictedTo(Restriction whom) {
    return new Exposed(
        name,
        handler,
        execution,
        raised,
        signature,
        restriction == null ? whom : restriction.and(whom));
  }

  /** The same method, served by another handler. */
  public Exposed servedBy(Handler other) {
    return new Exposed(name, other, execution, raised, signature, restriction);
  }
}
