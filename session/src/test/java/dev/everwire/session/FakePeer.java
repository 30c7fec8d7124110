package dev.everwire.session;

import dev.everwire.protocol.Offer;
import dev.everwire.session.stream.ItemStream;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A peer whose answers are given by hand. */
public final class FakePeer implements Peer {
  /** One call that was made. */
  public record Made(
      String method,
      @Nullable Object params,
      CallOptions options,
      CompletableFuture<@Nullable Object> answer) {}

  private final List<Made> made = new ArrayList<>();
  private final @Nullable RuntimeException thrown;

  public FakePeer() {
    this.thrown = null;
  }

  /** One that throws instead of calling. */
  public FakePeer(RuntimeException thrown) {
    this.thrown = thrown;
  }

  public List<Made> made() {
    return made;
  }

  public Made last() {
    return made.getLast();
  }

  @Override
  public CompletableFuture<@Nullable Object> callAsync(
      String method, @Nullable Object params, Type type, CallOptions options) {
    if (thrown != null) {
      throw thrown;
    }
    CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
    made.add(new Made(method, params, options, answer));
    return answer;
  }

  @Override
  public <T> @Nullable T call(String method, @Nullable Object params, Class<T> type) {
    throw new AssertionError("not called here");
  }

  @Override
  public @Nullable Object call(
      String method, @Nullable Object params, Type type, CallOptions options) {
    throw new AssertionError("not called here");
  }

  @Override
  public Offer notify(String method, @Nullable Object params) {
    throw new AssertionError("not called here");
  }

  @Override
  public <T> T proxy(Class<T> contract, CallOptions options) {
    throw new AssertionError("not called here");
  }

  @Override
  public <T> ItemStream<T> stream(String method, @Nullable Object params, Class<T> itemType) {
    throw new AssertionError("not called here");
  }

  @Override
  public ItemStream<?> stream(
      String method, @Nullable Object params, Type itemType, CallOptions options) {
    throw new AssertionError("not called here");
  }

  @Override
  public Batch batch() {
    throw new AssertionError("not called here");
  }
}
