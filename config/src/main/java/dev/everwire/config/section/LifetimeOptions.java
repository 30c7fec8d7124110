package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.session.Lifetime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a connection may last. Immutable. */
public record LifetimeOptions(
    @Doc("A connection whose peer says nothing for so long is closed; its session can be resumed.")
        @Range(min = "1ms", max = "365d")
        @Nullable Duration idle,
    @Doc("The age at which a connection is asked to make way for another.")
        @Range(min = "1ms", max = "365d")
        @Nullable Duration maxAge,
    @Doc("By how much of maxAge the age of each connection is shortened at random.")
        @Range(min = "0", max = "1")
        double spread,
    @Doc("From maxAge to the end of the connection.") @Range(min = "0s", max = "1d")
        Duration grace) {
  public static final LifetimeOptions DEFAULT = of(Lifetime.UNLIMITED);

  public static LifetimeOptions of(Lifetime lifetime) {
    return new LifetimeOptions(
        lifetime.idle(), lifetime.maxAge(), lifetime.spread(), lifetime.grace());
  }

  public Lifetime lifetime() {
    return new Lifetime(idle, maxAge, spread, grace);
  }
}
