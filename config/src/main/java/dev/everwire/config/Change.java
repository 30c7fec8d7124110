package dev.everwire.config;

/**
 * One option that has another value.
 *
 * @param before as it stands in a file; {@code …} for a secret
 * @param after as before
 * @param live whether it can change while the server runs
 */
public record Change(String path, String before, String after, boolean live) {

  /** {@code origins: [] -> [https://app.example.com]}. */
  @Override
  public String toString() {
    return path + ": " + before + " -> " + after + (live ? "" : " (needs a restart)");
  }
}
