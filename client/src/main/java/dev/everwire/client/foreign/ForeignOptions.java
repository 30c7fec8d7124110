package dev.everwire.client.foreign;

import dev.everwire.client.internal.keep.Terms;
import dev.everwire.protocol.ValueCodec;
import java.util.function.Consumer;

/**
 * What {@link ForeignClientBuilder} has put together.
 *
 * @param confirms whether the service answers a subscribe
 * @param authenticates whether a connection is of use only when the handler has seen its token
 *     taken
 * @param webSocketPing pings are frames, whatever the handler offers
 */
record ForeignOptions(
    Terms terms,
    ProtocolHandler handler,
    ValueCodec values,
    Lanes lanes,
    boolean confirms,
    boolean authenticates,
    boolean webSocketPing,
    Buffering buffering,
    int maxPending,
    int maxTopics,
    Consumer<Boolean> onPressure) {}
