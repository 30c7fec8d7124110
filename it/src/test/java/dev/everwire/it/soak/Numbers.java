package dev.everwire.it.soak;

import dev.everwire.session.contract.Rpc;

/** What is called during the soak. */
interface Numbers {

  /** Each caller counts up, so that a call which was run twice is seen. */
  @Rpc
  long once(int caller, long number);

  @Rpc(idempotent = true)
  long twice(long number);
}
