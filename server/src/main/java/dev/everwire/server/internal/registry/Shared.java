package dev.everwire.server.internal.registry;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.dialect.Dialects;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.connection.Payload;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Form;
import dev.everwire.session.internal.rpc.FrameLimit;
import dev.everwire.session.transport.Encoded;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One message for many, encoded once for each form that somebody hears. Safe from any thread until
 * it is released.
 */
final class Shared {
  static final String GONE = "the connection is closed";
  private static final String ONLY_NOTIFICATIONS = "a conversation takes notifications only";
  private static final String NO_NOTIFICATIONS = "a raw peer takes no notifications";
  private static final Dialects WRITERS = Dialects.of(2, 1); // limits of reading mean nothing here
  private static final Form BYTES = new Form(Form.TEXT.dialect(), true);

  private final Message.@Nullable Notification notification; // null for text or bytes
  private final long size; // of the notification, about
  private final ConcurrentMap<Form, Encoded> forms = new ConcurrentHashMap<>();

  private Shared(Message.@Nullable Notification notification, long size) {
    this.notification = notification;
    this.size = size;
  }

  static Shared of(Payload payload, Registry registry) {
    switch (payload) {
      case Payload.Notification(String method, Object params) -> {
        RawJson json = registry.written(params);
        return new Shared(
            new Message.Notification(method, json), FrameLimit.size(RequestId.NULL, method, json));
      }
      case Payload.Text(String text) -> {
        return text(text);
      }
      case Payload.Json(var value) -> {
        return text(registry.json(value).toString());
      }
      case Payload.Binary(byte[] bytes) -> {
        Shared shared = new Shared(null, 0);
        shared.forms.put(BYTES, Encoded.binary(bytes));
        return shared;
      }
    }
  }

  private static Shared text(String text) {
    Shared shared = new Shared(null, 0);
    shared.forms.put(Form.TEXT, Encoded.text(text.getBytes(StandardCharsets.UTF_8)));
    return shared;
  }

  /** Why it cannot be sent to this one; null if it can. On its loop. */
  @Nullable String refusal(Entry entry) {
    if (!entry.open()) {
      return GONE;
    }
    Connection connection = entry.connection();
    if (notification == null) {
      return connection == null ? null : ONLY_NOTIFICATIONS;
    }
    if (connection == null) {
      return NO_NOTIFICATIONS;
    }
    long most = connection.profile().maxMessageBytes();
    return size > most
        ? connection.profile().frameLimit().tooLarge("the notification", size).message()
        : null;
  }

  /** Queues it if there is room. On its loop. */
  Offer offer(Entry entry) {
    Connection connection = entry.connection();
    if (connection == null || notification == null) {
      return entry.send(forms.values().iterator().next());
    }
    Message.Notification told = notification;
    Encoded encoded = forms.computeIfAbsent(connection.form(), form -> encode(told, form));
    return connection.offerOrDrop(encoded);
  }

  private static Encoded encode(Message.Notification message, Form form) {
    JsonWriter out = new JsonWriter();
    WRITERS.codec(form.dialect()).write(message, out);
    return form.binary() ? Encoded.binary(out.toBytes()) : Encoded.text(out.toBytes());
  }

  /** When nobody sends it any more. */
  void release() {
    forms.values().forEach(Encoded::release);
  }
}
