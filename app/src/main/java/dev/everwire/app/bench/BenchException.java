package dev.everwire.app.bench;

/** A benchmark that could not be carried out; the message is one sentence for people. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchException(String sentence) {
    super(sentence);
  }
}
