package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.protocol.dialect.Dialect;
import java.util.List;

/** Which ways to put messages on the wire are spoken. Immutable. */
public record DialectOptions(
    @Doc("What a peer may switch on by what it says first; json-rpc is always spoken.")
        List<Dialect> switchable,
    @Doc("Further paths, where one dialect is spoken and no other.")
        List<DialectPathOptions> paths) {
  public static final DialectOptions DEFAULT =
      new DialectOptions(List.of(Dialect.values()), List.of());

  public DialectOptions {
    switchable = List.copyOf(switchable);
    paths = List.copyOf(paths);
  }
}
