package dev.everwire.netty;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.RecordingReceiver;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One dial and what came of it. */
final class Dialled implements Dialer.Result {
  private final CompletableFuture<Transport> opened = new CompletableFuture<>();
  private final CompletableFuture<Dialer.Failure> failure = new CompletableFuture<>();
  private final RecordingReceiver receiver = new RecordingReceiver();
  private volatile @Nullable String subprotocol; // set before opened is complete

  static Dialled with(NettyDialer dialer, URI uri) {
    return with(dialer, request(uri, Map.of()));
  }

  static Dialled with(NettyDialer dialer, Dialer.Request request) {
    var dialled = new Dialled();
    dialer.dial(request, dialer.loop(), dialled);
    return dialled;
  }

  /** Offers one subprotocol, {@code one.v1}, and waits for 5 s. */
  static Dialer.Request request(URI uri, Map<String, String> headers) {
    return new Dialer.Request(
        uri, headers, List.of("one.v1"), Duration.ofSeconds(5), TransportLimits.CLIENT);
  }

  CompletableFuture<Transport> opened() {
    return opened;
  }

  CompletableFuture<Dialer.Failure> failure() {
    return failure;
  }

  RecordingReceiver receiver() {
    return receiver;
  }

  @Nullable String subprotocol() {
    return subprotocol;
  }

  /** Waits for it. */
  Transport transport() throws Exception {
    return CompletableFuture.anyOf(opened, failure).get(10, TimeUnit.SECONDS)
            instanceof Transport transport
        ? transport
        : fails();
  }

  /** Waits for the sentence it failed with. */
  String whyNot() throws Exception {
    return failure.get(10, TimeUnit.SECONDS).message();
  }

  @Override
  public Receiver opened(Transport transport, @Nullable String selected) {
    subprotocol = selected;
    opened.complete(transport);
    return receiver;
  }

  @Override
  public void failed(Dialer.Failure told) {
    failure.complete(told);
  }

  private Transport fails() {
    throw new AssertionError("not opened: " + failure.join());
  }
}
