package dev.everwire.testkit;

import dev.everwire.session.transport.Receiver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes down what a transport brings. Safe from any thread. */
public final class RecordingReceiver implements Receiver {

  /**
   * @param content of a text as it is, of a binary message byte for byte as ISO 8859-1
   */
  public record Message(boolean text, String content) {
    public static Message text(String content) {
      return new Message(true, content);
    }

    public static Message binary(byte[] bytes) {
      return new Message(false, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    public byte[] bytes() {
      return content.getBytes(text ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }
  }

  /** How a connection ended. */
  public record Closed(int code, String reason) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Consumer<Message> then;
  // guarded by lock
  private final List<Message> messages = new ArrayList<>();
  private final List<Boolean> writables = new ArrayList<>();
  private final List<Closed> closes = new ArrayList<>();
  private int calledAfterClose;

  public RecordingReceiver() {
    this(message -> {});
  }

  /**
   * @param then called on the loop with each message after it was written down; may throw
   */
  public RecordingReceiver(Consumer<Message> then) {
    this.then = then;
  }

  @Override
  public void onText(ByteBuffer utf8) {
    received(new Message(true, StandardCharsets.UTF_8.decode(utf8).toString()));
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    received(new Message(false, StandardCharsets.ISO_8859_1.decode(bytes).toString()));
  }

  @Override
  public void onWritable(boolean writable) {
    lock.lock();
    try {
      calledAfterClose += closes.isEmpty() ? 0 : 1;
      writables.add(writable);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onClosed(int code, String reason) {
    lock.lock();
    try {
      closes.add(new Closed(code, reason));
    } finally {
      lock.unlock();
    }
  }

  public List<Message> messages() {
    lock.lock();
    try {
      return List.copyOf(messages);
    } finally {
      lock.unlock();
    }
  }

  /** How many messages came. */
  public int count() {
    lock.lock();
    try {
      return messages.size();
    } finally {
      lock.unlock();
    }
  }

  /** What {@link #onWritable} was called with. */
  public List<Boolean> writables() {
    lock.lock();
    try {
      return List.copyOf(writables);
    } finally {
      lock.unlock();
    }
  }

  /** The end, or null. */
  public @Nullable Closed closed() {
    lock.lock();
    try {
      return closes.isEmpty() ? null : closes.getFirst();
    } finally {
      lock.unlock();
    }
  }

  public boolean isClosed() {
    return closed() != null;
  }

  /**
   * @throws AssertionError unless the end came exactly once and last
   */
  public void assertEndedOnce() {
    lock.lock();
    try {
      if (closes.size() != 1 || calledAfterClose > 0) {
        throw new AssertionError("ends: " + closes + ", calls after the end: " + calledAfterClose);
      }
    } finally {
      lock.unlock();
    }
  }

  private void received(Message message) {
    lock.lock();
    try {
      calledAfterClose += closes.isEmpty() ? 0 : 1;
      messages.add(message);
    } finally {
      lock.unlock();
    }
    then.accept(message);
  }
}
