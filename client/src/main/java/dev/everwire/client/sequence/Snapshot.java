package dev.everwire.client.sequence;

/**
 * A whole state as of a number.
 *
 * @param last of the last update that it contains
 */
public record Snapshot<S>(S value, long last) {}
