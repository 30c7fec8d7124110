package dev.everwire.server.internal.drain;

/**
 * How far it has come.
 *
 * @param open connections that are there
 * @param gone those that have ended since it began
 * @param dropped messages that were lost with them
 */
record Tally(int open, int gone, long dropped) {}
