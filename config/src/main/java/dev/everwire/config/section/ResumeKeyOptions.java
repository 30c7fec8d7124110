package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import dev.everwire.config.word.Secret;
import dev.everwire.server.resume.ResumeKey;
import java.nio.charset.StandardCharsets;

/** A key that resume tokens are signed with. Immutable. */
public record ResumeKeyOptions(
    @Doc("Public name of the key.")
        @Form(pattern = "[A-Za-z0-9_-]{1,16}", expected = "1 to 16 of A-Z a-z 0-9 _ -")
        String id,
    @Doc("What nobody can guess, 32 to 1024 bytes of text.") Secret secret) {
  /**
   * @throws IllegalArgumentException naming what does not fit, never the secret
   */
  public ResumeKeyOptions {
    ResumeKey.of(id, secret.reveal().getBytes(StandardCharsets.UTF_8));
  }

  public ResumeKey key() {
    return ResumeKey.of(id, secret.reveal().getBytes(StandardCharsets.UTF_8));
  }
}
