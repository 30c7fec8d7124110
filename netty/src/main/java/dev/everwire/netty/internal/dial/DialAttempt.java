package dev.everwire.netty.internal.dial;

import dev.everwire.netty.internal.connection.ConnectionSpec;
import dev.everwire.netty.internal.connection.NettyTransport;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One dial, all of it before one deadline. Ends exactly once: with a connection, a failure, or
 * silence if it was cancelled. On its loop, except where said.
 */
public final class DialAttempt implements Dialer.Attempt {
  private final DialContext dialer;
  private final NettyLoop loop;
  private final Dialer.Request request;
  private final Dialer.Result result;

  private volatile boolean cancelled; // set from any thread, seen on the loop
  // event loop only
  private boolean done;
  private Loop.@Nullable Timer deadline;
  private @Nullable Channel channel;

  public DialAttempt(
      DialContext dialer, NettyLoop loop, Dialer.Request request, Dialer.Result result) {
    this.dialer = dialer;
    this.loop = loop;
    this.request = request;
    this.result = result;
  }

  public void begin() {
    if (over()) {
      return;
    }
    try {
      Target target = Target.of(request.uri());
      var connecting = new Connecting(this, dialer, loop, target, request);
      deadline = loop.schedule(request.timeout(), () -> timedOut(target));
      connecting.begin();
    } catch (IllegalArgumentException e) { // what cannot be asked for
      fail(0, String.valueOf(e.getMessage()), null);
    }
  }

  /** Safe from any thread. */
  @Override
  public void cancel() {
    cancelled = true;
    onLoop(this::stop);
  }

  /** Safe from any thread. */
  public void dialerClosed() {
    onLoop(() -> fail(0, "the dialer was closed", null));
  }

  boolean over() {
    return done || cancelled;
  }

  /** Where it is tried now. */
  void tries(Channel next) {
    channel = next;
  }

  /** The server agreed. */
  void upgraded(
      ClientUpgrade handler, Channel open, ConnectionSpec spec, @Nullable String subprotocol) {
    if (over()) {
      open.close();
      return;
    }
    finish();
    var transport = NettyTransport.install(open, loop, spec);
    open.pipeline().remove(handler);
    open.pipeline().remove(HttpRequestEncoder.class);
    open.pipeline().remove(Answers.class);
    transport.start(opened -> result.opened(opened, subprotocol));
  }

  void fail(int status, String message, @Nullable Duration retryAfter) {
    if (over()) {
      return;
    }
    stop();
    result.failed(new Dialer.Failure(status, message, retryAfter));
  }

  void onLoop(Runnable task) {
    if (loop.inLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // the loop is gone, and the attempt with it
    }
  }

  private void finish() {
    done = true;
    if (deadline != null) {
      deadline.cancel();
    }
    dialer.forget(this);
  }

  private void stop() {
    if (done) {
      return;
    }
    finish();
    if (channel != null) {
      channel.close();
    }
  }

  private void timedOut(Target target) {
    fail(0, target + " gave no answer within " + request.timeout().toMillis() + " ms", null);
  }
}
