/**
 * What a client knows of the topics it follows. Start at {@link
 * dev.everwire.client.internal.topic.TopicFeed}, which keeps one topic's place in its stream across
 * connections; {@link dev.everwire.client.internal.topic.EventBuffer} is where its events wait for
 * the user.
 */
@NullMarked
package dev.everwire.client.internal.topic;

import org.jspecify.annotations.NullMarked;
