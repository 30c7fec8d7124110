package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import dev.everwire.config.word.Range;
import dev.everwire.server.drain.DrainPlan;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the server goes away. Immutable. */
public record DrainOptions(
    @Doc("How long it may take in all; then what is left is cut.") @Range(min = "0s", max = "365d")
        Duration within,
    @Doc("What sessions are told, one word.")
        @Form(pattern = "[^\\s]{0,64}", expected = "at most 64 characters")
        String reason,
    @Doc("Where sessions are sent; none for where they came from.")
        @Form(pattern = "wss?://.+", expected = "a URL that begins with ws:// or wss://")
        @Nullable URI url,
    @Doc("How many sessions are asked to move at a time.") @Range(min = "1", max = "1000000")
        int batch,
    @Doc("How long the asking may take; at most 40 % of within.") @Range(min = "0s", max = "365d")
        Duration spread,
    @Doc("Each session moves at a random moment up to so long after it is asked.")
        @Range(min = "0s", max = "365d")
        Duration jitter,
    @Doc("How long sessions that were asked are waited for beyond their moment.")
        @Range(min = "0s", max = "365d")
        Duration patience,
    @Doc("How much of the time left may go into sending what waits.") @Range(min = "0", max = "0.7")
        double flushShare,
    @Doc("The most that may go into sending what waits.") @Range(min = "0s", max = "20s")
        Duration flushWithin,
    @Doc("How many closes may be unanswered at a time.") @Range(min = "1", max = "1000000")
        int closesAtOnce) {
  /** At most 10 s, which is what those who start processes wait before they kill one. */
  public static final DrainOptions DEFAULT = of(DrainPlan.DEFAULT.within(Duration.ofSeconds(10)));

  public static DrainOptions of(DrainPlan plan) {
    return new DrainOptions(
        plan.within(),
        plan.reason(),
        plan.url(),
        plan.batch(),
        plan.spread(),
        plan.jitter(),
        plan.patience(),
        plan.flushShare(),
        plan.flushWithin(),
        plan.closesAtOnce());
  }

  public DrainPlan plan() {
    return new DrainPlan(
        within,
        reason,
        url,
        batch,
        spread,
        jitter,
        patience,
        flushShare,
        flushWithin,
        closesAtOnce);
  }
}
