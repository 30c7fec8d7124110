package dev.everwire.simulation;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Counts what a client dials, and what is open of it. */
final class CountingDialer implements Dialer {
  private final Dialer real;
  private int dials;
  private int open;

  CountingDialer(Dialer real) {
    this.real = real;
  }

  int dials() {
    return dials;
  }

  int open() {
    return open;
  }

  @Override
  public Loop loop() {
    return real.loop();
  }

  @Override
  public Attempt dial(Request request, Loop loop, Result result) {
    dials++;
    return real.dial(
        request,
        loop,
        new Result() {
          @Override
          public Receiver opened(Transport transport, @Nullable String subprotocol) {
            open++;
            return new Counted(result.opened(transport, subprotocol));
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

  private final class Counted implements Receiver {
    private final Receiver to;

    Counted(Receiver to) {
      this.to = to;
    }

    @Override
    public void onText(ByteBuffer utf8) {
      to.onText(utf8);
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      to.onBinary(bytes);
    }

    @Override
    public void onWritable(boolean writable) {
      to.onWritable(writable);
    }

    @Override
    public void onClosed(int code, String reason) {
      open--;
      to.onClosed(code, reason);
    }
  }
}
