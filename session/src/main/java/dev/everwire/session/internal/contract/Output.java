package dev.everwire.session.internal.contract;

import dev.everwire.protocol.ValueCodec;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a method answers.
 *
 * @param type what its JSON is bound to; the type inside of what wraps it
 * @param later whether the method returns a future of it
 * @param optional whether it is an {@link Optional}, perhaps inside of that future
 * @param stream whether it is a stream, of items of that type
 */
record Output(Type type, boolean later, boolean optional, boolean stream) {

  boolean empty() {
    return type == void.class || type == Void.class;
  }

  /** What is answered for the value that an implementation returned. */
  @Nullable Object write(@Nullable Object returned, ValueCodec values) throws Exception {
    if (stream) {
      return Objects.requireNonNull(returned, "null in place of a stream");
    }
    Object value = returned;
    if (later && value instanceof CompletionStage<?> stage) {
      value = await(stage.toCompletableFuture());
    }
    if (value instanceof Optional<?> o && optional) {
      value = o.orElse(null);
    }
    return value == null || empty() ? null : values.encode(value, type);
  }

  /** What a proxy's method returns of the decoded answer. */
  @Nullable Object unwrapped(@Nullable Object answer) {
    return optional ? Optional.ofNullable(answer) : answer;
  }

  private static @Nullable Object await(CompletableFuture<?> future) throws Exception {
    try {
      return future.get();
    } catch (InterruptedException e) { // nobody waits for the answer any more
      future.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }
}
