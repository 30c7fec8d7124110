package dev.everwire.client.internal.calls;

import dev.everwire.client.internal.calls.Item.Call;
import dev.everwire.session.internal.Outgoing;

/** What a caller does to its call, wherever that is. Event loop only. */
record Handle(CallQueue queue, Call call) implements Outgoing.Running {
  @Override
  public void cancel() {
    queue.cancel(call);
  }

  @Override
  public void grant(int n) {
    call.running.grant(n);
  }

  @Override
  public void readerWaits(boolean on) {
    call.readerWaits = on;
    call.running.readerWaits(on);
  }
}
