package dev.everwire.client.link;

import java.time.Duration;

/**
 * What waits in a client to be sent: for a connection, or because the server takes no more at once.
 *
 * @param messages calls and notifications
 * @param bytes of their parameters and names
 * @param oldestAge how long the oldest has waited; zero if none waits
 */
public record Queued(int messages, long bytes, Duration oldestAge) {}
