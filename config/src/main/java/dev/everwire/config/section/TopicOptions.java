package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Otherwise;
import dev.everwire.config.word.Range;
import dev.everwire.protocol.Priority;
import dev.everwire.server.topic.TopicRule;
import java.util.List;

/** What holds for the topics of one pattern. Immutable. */
public record TopicOptions(
    @Doc(
            "Segments of a name; * is one of any, {name} one that is captured, ** any number at the end.")
        String pattern,
    @Doc("How many of the newest publications are kept for those who come back.")
        @Otherwise("100")
        @Range(min = "0", max = "1000000000")
        int keepLast,
    @Doc("Whether peers may publish too.") @Otherwise("false") boolean publishable,
    @Doc("How urgent its events are where they wait for a slow subscriber.") @Otherwise("normal")
        Priority priority) {
  private static final int OPEN_HISTORY = 1_000;

  /** Every topic there is: everybody may publish, 1 000 publications are kept. */
  public static final List<TopicOptions> ALL_OPEN =
      List.of(new TopicOptions("**", OPEN_HISTORY, true, Priority.NORMAL));

  /**
   * @throws IllegalArgumentException if the pattern is malformed
   */
  public TopicOptions {
    TopicRule.named(pattern);
  }

  public TopicRule rule() {
    TopicRule rule = TopicRule.named(pattern).keepLast(keepLast).priority(priority);
    return publishable ? rule.publishable() : rule;
  }
}
