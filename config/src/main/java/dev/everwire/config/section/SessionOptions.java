package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Live;
import dev.everwire.config.word.Range;
import dev.everwire.server.connection.DuplicateClient;
import dev.everwire.server.memory.MemoryNonceStore;
import dev.everwire.server.resume.ResumeSettings;
import java.time.Duration;
import java.util.List;

/** How sessions survive their connections. Immutable. */
public record SessionOptions(
    @Doc("Whether a lost session can be resumed.") boolean resume,
    @Doc("How long a lost session is kept.") @Range(min = "1s", max = "7d") Duration resumeWithin,
    @Doc("How long a resume token is valid unless it is replaced; at least resumeWithin.")
        @Range(min = "1s", max = "30d")
        Duration resumeTokenLife,
    @Doc(
            "Keys that resume tokens are signed with: the first signs, all are accepted, at most 16. None: a random one, and tokens end with the process.")
        @Live
        List<ResumeKeyOptions> resumeKeys,
    @Doc(
            "How many used tokens are remembered, one for each session resumed within resumeTokenLife; about 200 bytes each.")
        @Range(min = "1", max = "100000000")
        int resumeTokensRemembered,
    @Doc("What becomes of a client that connects twice.") DuplicateClient duplicateClient) {
  public static final SessionOptions DEFAULT =
      new SessionOptions(
          ResumeSettings.DEFAULT.enabled(),
          ResumeSettings.DEFAULT.within(),
          ResumeSettings.DEFAULT.tokenLife(),
          List.of(),
          MemoryNonceStore.MOST,
          DuplicateClient.REPLACE_OLD);

  public SessionOptions {
    resumeKeys = List.copyOf(resumeKeys);
  }

  /** Without keys and without a memory of used tokens. */
  public ResumeSettings settings() {
    return new ResumeSettings(resume, resumeWithin, resumeTokenLife, null, null);
  }
}
