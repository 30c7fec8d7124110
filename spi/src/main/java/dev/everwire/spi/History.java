package dev.everwire.spi;

import dev.everwire.protocol.Position;
import java.util.List;

/** What a broker answers to a question about the past. */
public sealed interface History {

  /**
   * A run without holes that begins right behind the position asked for.
   *
   * @param publications oldest first; empty when there is nothing newer
   * @param top the stream's last position when it was read
   * @param more whether the limit cut the run short of {@code top}
   */
  record Page(List<Publication> publications, Position top, boolean more) implements History {
    public Page {
      publications = List.copyOf(publications);
    }
  }

  /**
   * The run cannot be given without a hole.
   *
   * @param first oldest offset still kept, {@code top.offset() + 1} when none is
   * @param top the stream's last position when it was read
   */
  record Lost(Reason reason, long first, Position top) implements History {}

  /** Why a position cannot be continued from. */
  enum Reason {
    /** The position is of another life of the stream, or ahead of all that was published. */
    EPOCH,
    /** Publications behind the position are no longer kept. */
    TRIMMED
  }
}
