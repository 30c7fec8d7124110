package dev.everwire.config.word;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Something that must not be seen. Only {@link #reveal} shows it; its text is {@code …}. Immutable.
 */
public final class Secret {
  /** Where it was found. */
  public enum Source {
    FILE,
    ENVIRONMENT,
    LITERAL
  }

  /** What stands for every secret where it must not be seen. */
  public static final String HIDDEN = "…";

  private final Source source;
  private final String name;
  private final String value;

  private Secret(Source source, String name, String value) {
    this.source = source;
    this.name = name;
    this.value = value;
  }

  /** What was read from a file. */
  public static Secret ofFile(String path, String value) {
    return new Secret(Source.FILE, path, value);
  }

  /** What an environment variable holds. */
  public static Secret ofEnvironment(String variable, String value) {
    return new Secret(Source.ENVIRONMENT, variable, value);
  }

  /** What stood there as it is. */
  public static Secret literal(String value) {
    return new Secret(Source.LITERAL, "", value);
  }

  public Source source() {
    return source;
  }

  /** The path of the file or the name of the variable; empty for what stood there as it is. */
  public String name() {
    return name;
  }

  /** The secret itself, for whoever uses it and never for a log. */
  public String reveal() {
    return value;
  }

  /** Whether both hold the same, wherever it was found. Takes as long whatever differs. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return HIDDEN;
  }

  private byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
