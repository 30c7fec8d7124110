/**
 * Topics as an application sees them. Start at {@link dev.everwire.server.topic.TopicRule}, which
 * says what topics there are; {@link dev.everwire.server.topic.Topics} publishes to them.
 */
@NullMarked
package dev.everwire.server.topic;

import org.jspecify.annotations.NullMarked;
