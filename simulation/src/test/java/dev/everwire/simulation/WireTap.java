package dev.everwire.simulation;

import dev.everwire.protocol.Offer;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Dials with another dialer and reads along on every connection, as {@link WireBook} says. */
final class WireTap implements Dialer {
  private final Dialer real;
  private final Consumer<String> wrong;
  private final List<Line> lines;

  /**
   * @param lines every line that is opened is added here
   * @param wrong told what must not be
   */
  WireTap(Dialer real, List<Line> lines, Consumer<String> wrong) {
    this.real = real;
    this.lines = lines;
    this.wrong = wrong;
  }

  @Override
  public Loop loop() {
    return real.loop();
  }

  @Override
  public Attempt dial(Request request, Loop loop, Result result) {
    return real.dial(
        request,
        loop,
        new Result() {
          @Override
          public Receiver opened(Transport transport, @Nullable String subprotocol) {
            Line line = new Line(transport, wrong);
            line.receiver = result.opened(line, subprotocol);
            lines.add(line);
            return line.inbound();
          }

          @Override
          public void failed(Failure failure) {
            result.failed(failure);
          }
        });
  }

  @Override
  public void close() {
    real.close();
  }

  /** One connection, from the end that dialled. */
  static final class Line implements Transport {
    private final Transport real;
    private final WireBook book;
    private @Nullable Receiver receiver;
    private boolean closed;

    Line(Transport real, Consumer<String> wrong) {
      this.real = real;
      this.book = new WireBook(text -> wrong.accept(real.remoteAddress() + ": " + text));
    }

    WireBook book() {
      return book;
    }

    boolean closed() {
      return closed;
    }

    @Nullable Connection connection() {
      return receiver instanceof Connection connection ? connection : null;
    }

    @Override
    public Loop loop() {
      return real.loop();
    }

    @Override
    public String remoteAddress() {
      return real.remoteAddress();
    }

    @Override
    public Offer send(Encoded message) {
      return noted(ByteBuffer.wrap(message.payload()), real.send(message));
    }

    @Override
    public Offer sendText(ByteBuffer utf8) {
      ByteBuffer same = utf8.duplicate();
      return noted(same, real.sendText(utf8));
    }

    private Offer noted(ByteBuffer utf8, Offer offer) {
      if (offer == Offer.QUEUED) {
        book.sent(utf8);
      }
      return offer;
    }

    @Override
    public Offer sendBinary(ByteBuffer bytes) {
      return real.sendBinary(bytes);
    }

    @Override
    public void ping() {
      real.ping();
    }

    @Override
    public long queuedBytes() {
      return real.queuedBytes();
    }

    @Override
    public int queuedMessages() {
      return real.queuedMessages();
    }

    @Override
    public long lastReceivedAt() {
      return real.lastReceivedAt();
    }

    @Override
    public long lastPongAt() {
      return real.lastPongAt();
    }

    @Override
    public void limitMessages(int maxBytes) {
      real.limitMessages(maxBytes);
    }

    @Override
    public void reading(boolean on) {
      real.reading(on);
    }

    @Override
    public void close(int code, String reason) {
      real.close(code, reason);
    }

    @Override
    public void abort() {
      real.abort();
    }

    @Override
    public boolean open() {
      return real.open();
    }

    private Receiver inbound() {
      return new Receiver() {
        @Override
        public void onText(ByteBuffer utf8) {
          book.received(utf8.duplicate());
          to().onText(utf8);
        }

        @Override
        public void onBinary(ByteBuffer bytes) {
          to().onBinary(bytes);
        }

        @Override
        public void onWritable(boolean writable) {
          to().onWritable(writable);
        }

        @Override
        public void onClosed(int code, String reason) {
          closed = true;
          to().onClosed(code, reason);
        }

        private Receiver to() {
          if (receiver == null) {
            throw new IllegalStateException("nobody receives");
          }
          return receiver;
        }
      };
    }
  }
}
