package dev.everwire.client;

import dev.everwire.client.internal.keep.Terms;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.session.build.ServingBuilder;
import dev.everwire.session.flow.RateLimiters;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ClientBuilder} has put together.
 *
 * @param plain never says hello
 * @param clientId null if the client does not name itself
 * @param onPressure is told that much waits to be sent, or no longer does
 */
record ClientOptions(
    Terms terms,
    ValueCodec values,
    ServingBuilder.Serving serving,
    boolean plain,
    Speech speech,
    String name,
    String version,
    @Nullable String clientId,
    boolean cancelPlain,
    RateLimiters limiters,
    Consumer<Boolean> onPressure) {

  /**
   * What is spoken on the wire.
   *
   * @param binary in binary messages
   */
  record Speech(Dialect dialect, boolean binary) {}
}
