package dev.everwire.app.bench;

import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;

/** Connections that do nothing but stay, and answer the heartbeat. Event loop only. */
final class IdleLoad extends Load {
  private final boolean hello;
  private final boolean resumable;

  /**
   * @param hello whether each connection begins an Everwire session
   * @param resumable whether that outlives its connection
   */
  IdleLoad(Plan plan, Tally tally, boolean hello, boolean resumable) {
    super(plan, tally);
    this.hello = hello || resumable;
    this.resumable = resumable;
  }

  @Override
  Receiver open(int index, Transport transport, Runnable ready) {
    if (resumable) {
      Greeting.resumable(transport, null);
    } else if (hello) {
      Greeting.hello(transport);
    } else {
      ready.run();
    }
    return new Idler(transport, ready);
  }

  @Override
  void begin(long now) {}

  @Override
  void due(long number, long now) {}

  @Override
  long underWay() {
    return 0;
  }

  private final class Idler implements Receiver {
    private final Transport transport;
    private final Runnable ready;

    Idler(Transport transport, Runnable ready) {
      this.transport = transport;
      this.ready = ready;
    }

    @Override
    public void onText(ByteBuffer utf8) {
      if (!hello) {
        return;
      }
      switch (Greeting.CODEC.read(utf8)) {
        case Frame.Single(Message.Success(RequestId id, var result)) -> {
          if (id.equals(Greeting.HELLO)) {
            ready.run();
          }
        }
        case Frame.Single(Message.Failure(RequestId id, var fault)) ->
            tally.fatal("the server did not take a hello: " + fault.message());
        case Frame.Single(Message other) -> Greeting.answered(transport, other);
        case Frame other -> tally.corrupted("something came that is no message");
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {
      tally.connectionEnded(code, reason);
    }
  }
}
