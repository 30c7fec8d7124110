package dev.everwire.client.internal.topic;

import dev.everwire.protocol.Position;

/** Is told one topic's stream, on the loop. Must not block and must not call back. */
public interface Reader {

  /** Where the stream begins; once, before everything else. */
  void begin(Position position);

  /** The server has it that we are subscribed; once, behind {@link #begin}. */
  void confirmed();

  void piece(Piece piece);

  /** Nothing follows. */
  void end(Ending ending);
}
