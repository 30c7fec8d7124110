package dev.everwire.app.demo;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Handler;
import dev.everwire.session.Params;
import dev.everwire.session.RemoteFaultException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Methods to call, to be called back by, and to fail. Values pass through as JSON, so what comes
 * back is exactly what was sent. Safe from any thread.
 */
public final class Demo {
  private static final long SLOWEST_MILLIS = 60_000;
  private static final List<String> NOTIFICATIONS = List.of("update", "notify_hello", "notify_sum");

  private final Notified notified = new Notified(NOTIFICATIONS);

  /**
   * By name. {@code foobar} is left out on purpose: clients test with it that a method is missing.
   */
  public Map<String, Handler> methods() {
    Map<String, Handler> methods = new LinkedHashMap<>();
    methods.put("echo", call -> call.params().raw());
    methods.put("add", Demo::add);
    methods.put("subtract", Demo::subtract);
    methods.put("sum", Demo::sum);
    methods.put("get_data", call -> List.of("hello", 5));
    for (String name : NOTIFICATIONS) {
      methods.put(name, this::count);
    }
    methods.put("notified", notified::answer);
    methods.put("fail", Demo::fail);
    methods.put("callme", Demo::callMe);
    methods.put("notifyme", Demo::notifyMe);
    methods.put("slow", Demo::slow);
    return Collections.unmodifiableMap(methods);
  }

  /** By name, those that may run on an event loop: the same as the one named before the dot. */
  public Map<String, Handler> nonBlocking() {
    return Map.of("echo.fast", call -> call.params().raw());
  }

  private static RawJson add(Call call) {
    exactly(2, call.params());
    return Numbers.write(number(call, 0, "a").add(number(call, 1, "b")));
  }

  private static RawJson subtract(Call call) {
    exactly(2, call.params());
    return Numbers.write(number(call, 0, "minuend").subtract(number(call, 1, "subtrahend")));
  }

  private static RawJson sum(Call call) {
    RawJson raw = call.params().raw();
    BigDecimal sum = BigDecimal.ZERO;
    if (raw != null) {
      if (raw.kind() != RawJson.Kind.ARRAY) {
        throw Params.invalid("expected an array");
      }
      for (RawJson element : raw.elements()) {
        sum = sum.add(Numbers.read("element", element));
      }
    }
    return Numbers.write(sum);
  }

  private @Nullable Object count(Call call) {
    notified.count(call.method());
    return null;
  }

  private static RawJson fail(Call call) {
    Params params = call.params();
    Integer code = params.find(0, "code", Integer.class);
    String message = params.find(1, "message", String.class);
    throw new FaultException(
        new Fault(
            code == null ? FaultCode.APPLICATION : code,
            message == null ? "failed as asked" : message,
            params.findRaw(2, "data")));
  }

  private static @Nullable Object callMe(Call call) {
    try {
      return call.caller()
          .peer()
          .call(method(call), forwarded(call), RawJson.class, CallOptions.DEFAULT);
    } catch (RemoteFaultException e) {
      throw new FaultException(e.fault()); // the caller's own, so it may have it back
    }
  }

  private static boolean notifyMe(Call call) {
    return switch (call.caller().peer().notify(method(call), forwarded(call))) {
      case QUEUED -> true;
      case FULL, CLOSED -> false;
    };
  }

  private static long slow(Call call) throws InterruptedException {
    long millis = call.params().get(0, "ms", Long.class);
    if (millis < 0 || millis > SLOWEST_MILLIS) {
      throw Params.invalid("ms: expected 0-" + SLOWEST_MILLIS);
    }
    TimeUnit.MILLISECONDS.sleep(
        millis); // what it is for; the virtual thread costs nothing meanwhile
    return millis;
  }

  private static String method(Call call) {
    String name = call.params().get(0, "method", String.class);
    if (name.isEmpty()) {
      throw Params.invalid("method: expected a name");
    }
    return name;
  }

  private static @Nullable RawJson forwarded(Call call) {
    RawJson params = call.params().findRaw(1, "params");
    if (params == null) {
      return null;
    }
    return switch (params.kind()) {
      case ARRAY, OBJECT -> params;
      case STRING, NUMBER, BOOLEAN, NULL ->
          throw Params.invalid("params: expected an array or an object");
    };
  }

  private static BigDecimal number(Call call, int index, String name) {
    return Numbers.read(name, call.params().findRaw(index, name));
  }

  private static void exactly(int count, Params params) {
    if (params.size() != count) {
      throw Params.invalid("expected " + count + ", got " + params.size());
    }
  }
}
