package dev.everwire.config;

import dev.everwire.config.section.ResumeKeyOptions;
import dev.everwire.config.section.SessionOptions;
import dev.everwire.server.resume.ResumeKey;
import dev.everwire.server.resume.ResumeKeys;
import java.security.SecureRandom;
import java.util.List;

/** Turns options into the keys of resume tokens. */
final class Secrets {
  private Secrets() {}

  /**
   * A random one if none is said.
   *
   * @throws IllegalArgumentException if they cannot be a ring
   */
  static ResumeKeys ring(SessionOptions session) {
    List<ResumeKey> keys = keys(session);
    return ResumeKeys.of(keys.getFirst(), others(keys));
  }

  /** Puts those of other options in the place of all. */
  static void replace(ResumeKeys ring, SessionOptions session) {
    List<ResumeKey> keys = keys(session);
    ring.replace(keys.getFirst(), others(keys));
  }

  private static List<ResumeKey> keys(SessionOptions session) {
    List<ResumeKey> keys = session.resumeKeys().stream().map(ResumeKeyOptions::key).toList();
    return keys.isEmpty() ? List.of(ResumeKey.random(new SecureRandom())) : keys;
  }

  private static ResumeKey[] others(List<ResumeKey> keys) {
    return keys.subList(1, keys.size()).toArray(ResumeKey[]::new);
  }
}
