package dev.everwire.session.internal.contract;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Caller;
import dev.everwire.session.Errors;
import dev.everwire.session.Execution;
import dev.everwire.session.Params;
import dev.everwire.session.Signature;
import dev.everwire.session.contract.Subscription;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One method of a contract, ready to be served or called. Immutable.
 *
 * @param arguments how many the Java method takes
 * @param callers which of them are the caller
 * @param inputs the others
 * @param flat whether the only input is {@code params} itself
 * @param raised what the method declares to fail with
 */
record Operation(
    Method method,
    String name,
    boolean notification,
    boolean idempotent,
    Execution execution,
    boolean positional,
    int arguments,
    List<Integer> callers,
    List<Input> inputs,
    boolean flat,
    Output output,
    Errors raised,
    Signature signature) {
  private static final int LONGEST_ECHO = 64;
  private static final RawJson NO_MEMBERS = RawJson.parse("{}");

  /** How its items are told if not as a stream; null for every other method. */
  @Nullable Subscription subscription() {
    return method.getAnnotation(Subscription.class);
  }

  // ---- where it is served

  /**
   * The arguments for a call.
   *
   * @throws dev.everwire.protocol.FaultException −32602 if what was sent does not fit
   */
  @Nullable Object[] bind(Params params, Caller caller) {
    @Nullable Object[] bound = new @Nullable Object[arguments];
    for (int place : callers) {
      bound[place] = caller;
    }
    RawJson raw = params.raw();
    if (flat) {
      Input only = inputs.getFirst();
      if (raw != null && raw.kind() != RawJson.Kind.OBJECT) {
        throw Params.invalid("expected an object");
      }
      bound[only.place()] = only.bind(raw == null ? NO_MEMBERS : raw, params.values());
    } else if (raw != null && raw.kind() == RawJson.Kind.ARRAY) {
      bindElements(raw, params, bound);
    } else {
      bindMembers(raw, params, bound);
    }
    return bound;
  }

  private void bindElements(RawJson raw, Params params, @Nullable Object[] bound) {
    List<RawJson> elements = raw.elements();
    if (elements.size() > inputs.size()) {
      throw Params.invalid(elements.size() + " given (expected: at most " + inputs.size() + ")");
    }
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      RawJson sent = i < elements.size() ? elements.get(i) : null;
      bound[input.place()] =
          input.stream()
              ? params.stream(i, input.name(), input.type())
              : input.bind(sent == null || sent.isNull() ? null : sent, params.values());
    }
  }

  private void bindMembers(@Nullable RawJson raw, Params params, @Nullable Object[] bound) {
    JsonMembers members = members(raw == null ? NO_MEMBERS : raw);
    int known = 0;
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      if (members.names().contains(input.name())) {
        known++;
      }
      bound[input.place()] =
          input.stream()
              ? params.stream(i, input.name(), input.type())
              : input.bind(members.get(input.name()), params.values());
    }
    if (known < members.names().size()) {
      refuseUnknown(members.names());
    }
  }

  private static JsonMembers members(RawJson raw) {
    try {
      return raw.members();
    } catch (JsonException e) {
      throw Params.invalid(e.getMessage());
    }
  }

  private void refuseUnknown(List<String> names) {
    for (String name : names) {
      if (inputs.stream().noneMatch(input -> input.name().equals(name))) {
        throw Params.invalid((name.length() > LONGEST_ECHO ? "a parameter" : name) + ": unknown");
      }
    }
  }

  // ---- where it is called

  /** What is sent for the arguments, as a peer takes it; null for nothing. */
  @Nullable Object write(@Nullable Object[] given, ValueCodec values) {
    if (inputs.isEmpty()) {
      return null;
    }
    if (inputs.stream().anyMatch(Input::stream)) {
      return withStreams(given, values);
    }
    if (flat) {
      Input only = inputs.getFirst();
      return only.write(given[only.place()], values);
    }
    return positional ? writeElements(given, values) : writeMembers(given, values);
  }

  private RawJson writeMembers(@Nullable Object[] given, ValueCodec values) {
    JsonWriter out = new JsonWriter();
    out.beginObject();
    for (Input input : inputs) {
      RawJson sent = input.write(given[input.place()], values);
      if (sent != null) {
        out.name(input.name()).value(sent);
      }
    }
    return out.endObject().toRawJson();
  }

  private RawJson writeElements(@Nullable Object[] given, ValueCodec values) {
    JsonWriter out = new JsonWriter();
    out.beginArray();
    int left = 0; // what is missing at the end is not sent
    for (Input input : inputs) {
      RawJson sent = input.write(given[input.place()], values);
      if (sent == null) {
        left++;
      } else {
        for (; left > 0; left--) {
          out.value(RawJson.NULL);
        }
        out.value(sent);
      }
    }
    return out.endArray().toRawJson();
  }

  /** The peer sends the streams; everything else is JSON already. */
  private Object withStreams(@Nullable Object[] given, ValueCodec values) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (Input input : inputs) {
      Object argument = given[input.place()];
      if (!input.stream()) {
        argument = input.write(argument, values);
      } else if (argument == null) {
        throw new IllegalArgumentException(input.name() + ": null (expected: a stream)");
      }
      if (argument != null || positional) {
        named.put(input.name(), argument);
      }
    }
    return positional ? new ArrayList<>(named.values()) : named;
  }
}
