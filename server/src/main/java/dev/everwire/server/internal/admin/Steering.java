package dev.everwire.server.internal.admin;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.admin.Operations;
import dev.everwire.server.admin.Reloaded;
import dev.everwire.server.drain.DrainPlan;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends the whole server away, has it read its configuration again, and say more or less. */
final class Steering {
  private static final Logger LOG = System.getLogger(Steering.class.getName());

  private static final long LONGEST_DRAIN_MS = Duration.ofDays(1).toMillis();
  private static final int MOST_CHANGES = 200;
  private static final int MOST_PROBLEMS = 100;
  private static final Pattern LOGGER = Pattern.compile("[A-Za-z0-9_.$-]{0,200}");
  private static final String ALL = "root"; // what people call the logger above all others

  private final Departure departure;
  private final Operations operations;
  private final AtomicBoolean reloading = new AtomicBoolean();

  Steering(Departure departure, Operations operations) {
    this.departure = departure;
    this.operations = operations;
  }

  List<Act> acts() {
    return List.of(
        new Act(
            "drain",
            List.of("withinMs", "reason", "url", "batch", "spreadMs", "patienceMs"),
            this::drain),
        new Act("reload", List.of("dryRun"), this::reload),
        new Act("logLevel", List.of("logger", "level"), this::logLevel));
  }

  // ---- going away

  private Deed drain(Params params) {
    DrainPlan plan = plan(params);
    return Deed.change(
        detail(plan),
        ask -> {
          JsonWriter out = new JsonWriter().beginObject();
          out.name("connections").value(departure.connections());
          out.name("withinMs").value(plan.within().toMillis());
          ask.answer(out.endObject().toRawJson()); // before it is too late
          var unused =
              departure
                  .begin(plan)
                  .thenAccept(operations::drained)
                  .exceptionally(failure -> {
                    LOG.log(Level.ERROR, "drained() failed", failure);
                    return null;
                  });
        });
  }

  /** Where everybody is sent stands first: long details are cut. */
  private static String detail(DrainPlan plan) {
    URI url = plan.url();
    return (url == null ? "" : "url=" + Texts.brief(url.toString()) + " ")
        + "within="
        + plan.within()
        + " reason="
        + plan.reason()
        + " batch="
        + plan.batch()
        + " spread="
        + plan.spread();
  }

  private DrainPlan plan(Params params) {
    DrainPlan usual = departure.plan();
    String reason = params.text("reason", 1, 64);
    URI url = url(params.text("url", 1, 2_000));
    try {
      DrainPlan plan =
          usual
              .within(millis(params, "withinMs", usual.within()))
              .pace(
                  (int) params.integer("batch", usual.batch(), 1, 1_000_000),
                  millis(params, "spreadMs", usual.spread()),
                  usual.jitter())
              .patience(millis(params, "patienceMs", usual.patience()))
              .reason(reason == null ? usual.reason() : reason);
      return url == null ? plan : plan.to(url);
    } catch (IllegalArgumentException e) {
      throw new JsonException(String.valueOf(e.getMessage()));
    }
  }

  private static Duration millis(Params params, String name, Duration absent) {
    return params.has(name)
        ? Duration.ofMillis(params.integer(name, 0, 0, LONGEST_DRAIN_MS))
        : absent;
  }

  private static @Nullable URI url(@Nullable String text) {
    try {
      return text == null ? null : new URI(text);
    } catch (URISyntaxException e) {
      throw new JsonException("url: expected ws:// or wss://");
    }
  }

  // ---- reading the configuration again

  private Deed reload(Params params) {
    boolean dryRun = params.flag("dryRun");
    return Deed.change(
        "dryRun=" + dryRun,
        ask -> {
          if (!reloading.compareAndSet(false, true)) {
            ask.refuse(FaultCode.CONFLICT, "the configuration is being reloaded already");
            return;
          }
          boolean begun =
              ask.onWorker(
                  () -> {
                    try {
                      return operations.reload(dryRun);
                    } finally {
                      reloading.set(false);
                    }
                  },
                  reloaded -> ask.answer(answer(reloaded)));
          if (!begun) {
            reloading.set(false);
          }
        });
  }

  private static RawJson answer(Reloaded reloaded) {
    JsonWriter out = new JsonWriter().beginObject().name("applied").value(reloaded.applied());
    out.name("changed").beginArray();
    for (Reloaded.Change change : reloaded.changes().stream().limit(MOST_CHANGES).toList()) {
      out.beginObject().name("option").value(Texts.cut(change.option()));
      out.name("from").value(cut(change.from())).name("to").value(cut(change.to()));
      out.name("live").value(change.live()).endObject();
    }
    out.endArray().name("problems").beginArray();
    reloaded.problems().stream().limit(MOST_PROBLEMS).map(Texts::cut).forEach(out::value);
    out.endArray();
    out.name("more")
        .value(
            Math.max(0, reloaded.changes().size() - MOST_CHANGES)
                + Math.max(0, reloaded.problems().size() - MOST_PROBLEMS));
    return out.endObject().toRawJson();
  }

  private static @Nullable String cut(@Nullable String value) {
    return value == null ? null : Texts.cut(value);
  }

  // ---- logging

  private Deed logLevel(Params params) {
    String name = params.required("logger", params.text("logger", 0, 200));
    if (!LOGGER.matcher(name).matches()) {
      throw new JsonException("logger: expected the name of a logger, for instance dev.everwire");
    }
    Level level = level(params.required("level", params.text("level", 1, 16)));
    String logger = name.equalsIgnoreCase(ALL) ? "" : name;
    return Deed.change(
        "logger=" + (logger.isEmpty() ? ALL : logger) + " level=" + word(level),
        ask -> {
          var unused =
              ask.onWorker(
                  () -> operations.logLevel(logger, level),
                  before -> {
                    JsonWriter out = new JsonWriter().beginObject();
                    out.name("logger").value(logger.isEmpty() ? ALL : logger);
                    out.name("level").value(word(level)).name("before").value(word(before));
                    ask.answer(out.endObject().toRawJson());
                  });
        });
  }

  private static Level level(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "off" -> Level.OFF;
      case "error" -> Level.ERROR;
      case "warn", "warning" -> Level.WARNING;
      case "info" -> Level.INFO;
      case "debug" -> Level.DEBUG;
      case "trace" -> Level.TRACE;
      default ->
          throw new JsonException("level: expected off, error, warning, info, debug or trace");
    };
  }

  private static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
