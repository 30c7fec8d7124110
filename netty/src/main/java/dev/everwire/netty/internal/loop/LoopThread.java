package dev.everwire.netty.internal.loop;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;

/** A thread that runs an event loop, known by its type whichever loop it is. */
final class LoopThread extends FastThreadLocalThread {

  private LoopThread(@Nullable ThreadGroup group, Runnable run, String name) {
    super(group, run, name);
  }

  static final class Factory extends DefaultThreadFactory {
    Factory(String name, boolean daemon) {
      super(name, daemon);
    }

    @Override
    protected Thread newThread(Runnable run, String name) {
      return new LoopThread(threadGroup, run, name);
    }
  }
}
