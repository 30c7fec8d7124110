package dev.everwire.client.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;

/** A part of a topic's stream, in order. */
public sealed interface Piece {

  /** Where the stream stands behind this. */
  Position position();

  record Item(Position position, RawJson data) implements Piece {}

  /** What is behind {@code from}, up to and including {@code position}, will not come. */
  record Gap(String reason, Position from, Position position) implements Piece {}
}
