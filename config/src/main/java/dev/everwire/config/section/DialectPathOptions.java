package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import dev.everwire.protocol.dialect.Dialect;

/** A path where one dialect is spoken from the first message on. Immutable. */
public record DialectPathOptions(
    @Doc("Path of the WebSocket there.")
        @Form(pattern = "/[A-Za-z0-9/._~-]{0,199}", expected = "a path such as /rpc")
        String path,
    @Doc("The dialect that is spoken there.") Dialect dialect) {}
