/**
 * Carries publications from the broker to the subscribers of this node. Start at {@link
 * dev.everwire.server.internal.topic.TopicHub}, the only public class.
 *
 * <p>A publication goes {@code Broker} → {@code TopicHub} (encodes it once, knows which loops want
 * it) → {@code LoopTopics} (one for each event loop) → {@code LoopTopic} (proves that nothing is
 * missing) → {@code Subscription} → the connection. A subscriber that comes back with a position
 * goes through {@code Recovery} first.
 */
@NullMarked
package dev.everwire.server.internal.topic;

import org.jspecify.annotations.NullMarked;
