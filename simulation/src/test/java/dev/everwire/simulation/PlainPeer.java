package dev.everwire.simulation;

import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A JSON-RPC peer that knows nothing of Everwire and likes batches. Each batch is to be answered by
 * one array with an answer for each member that asks, and nothing besides.
 */
final class PlainPeer implements Dialer.Result, Receiver {
  private static final Codec CODEC = new JsonRpcCodec(200, 100);
  private static final Duration PATIENT = Duration.ofHours(9);
  private static final String[] IDS = {
    "%d", "\"%d\"", "%d.50", "900719925474099%d", "\"\\u00e9%d\""
  };
  private static final String[] JUNK = {
    "1", "{}", "[]", "null", "{\"jsonrpc\":\"2.0\",\"method\":7}"
  };

  /** What one frame is to be answered with. */
  private record Owed(boolean array, Set<RequestId> ids, int nameless) {}

  private final CallBook book;
  private final SplittableRandom random;
  private final Map<RequestId, CallBook.Entry> calls = new LinkedHashMap<>();
  private final Map<RequestId, CompletableFuture<@Nullable Object>> futures = new LinkedHashMap<>();
  private final List<Owed> owed = new ArrayList<>();
  private @Nullable Transport transport;
  private boolean leaving; // before it was there
  private boolean over;
  private int ids;

  PlainPeer(Dialer dialer, CallBook book, SplittableRandom random) {
    this.book = book;
    this.random = random;
    var request =
        new Dialer.Request(
            URI.create("ws://server/ws"),
            Map.of(),
            List.of(),
            Duration.ofSeconds(10),
            TransportLimits.CLIENT);
    var unused = dialer.dial(request, dialer.loop(), this);
  }

  boolean over() {
    return over;
  }

  boolean owed() {
    return !owed.isEmpty();
  }

  void close() {
    if (transport != null) {
      Transport open = transport;
      open.loop().execute(() -> open.close(1000, "enough"));
    } else {
      leaving = true;
    }
  }

  // ---- what it says

  void single() {
    List<RequestId> asked = new ArrayList<>();
    say(request(asked), new Owed(false, new LinkedHashSet<>(asked), 0));
  }

  void batch() {
    List<RequestId> asked = new ArrayList<>();
    StringBuilder text = new StringBuilder("[");
    int members = 1 + random.nextInt(12);
    int junk = 0;
    for (int i = 0; i < members; i++) {
      text.append(i == 0 ? "" : ",");
      switch (random.nextInt(8)) {
        case 0 -> text.append("{\"jsonrpc\":\"2.0\",\"method\":\"unknown.note\"}");
        case 1 -> {
          text.append(JUNK[random.nextInt(JUNK.length)]);
          junk++;
        }
        default -> text.append(request(asked));
      }
    }
    text.append("]");
    say(text.toString(), new Owed(true, new LinkedHashSet<>(asked), junk));
  }

  void cancelOne() {
    List<RequestId> open = List.copyOf(calls.keySet());
    if (!open.isEmpty()) {
      RequestId id = open.get(random.nextInt(open.size()));
      CallBook.Entry entry = calls.get(id);
      if (entry != null) {
        entry.asksToCancel();
        say(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":" + id + "}}",
            null);
      }
    }
  }

  private String request(List<RequestId> asked) {
    RequestId id = new RequestId(IDS[random.nextInt(IDS.length)].formatted(++ids));
    String method =
        switch (random.nextInt(6)) {
          case 0 -> "refuse";
          case 1 -> "missing";
          case 2 -> "broken";
          default -> "slow";
        };
    CallBook.Entry entry = book.open(method, PATIENT);
    CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
    entry.made(future);
    calls.put(id, entry);
    futures.put(id, future);
    asked.add(id);
    String params = "[" + entry.number + "," + random.nextInt(1 << random.nextInt(14)) + "]";
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":"
        + params
        + "}";
  }

  private void say(String text, @Nullable Owed debt) {
    if (debt != null && !(debt.ids.isEmpty() && debt.nameless == 0)) {
      owed.add(debt);
    }
    Transport to = transport;
    if (to == null || over) {
      end();
    } else {
      ByteBuffer utf8 = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      to.loop().execute(() -> to.sendText(utf8));
    }
  }

  // ---- what it hears

  @Override
  public Receiver opened(Transport opened, @Nullable String subprotocol) {
    transport = opened;
    if (leaving) {
      close();
    }
    return this;
  }

  @Override
  public void failed(Dialer.Failure failure) {
    over = true;
    end();
  }

  @Override
  public void onText(ByteBuffer utf8) {
    switch (CODEC.read(utf8)) {
      case Frame.Single(Message message) -> heard(List.of(message), false);
      case Frame.Batch(List<Message> messages) -> heard(messages, true);
      case Frame.Unreadable(var fault) -> book.wrong("garbage: " + fault);
    }
  }

  private void heard(List<Message> messages, boolean array) {
    Set<RequestId> named = new HashSet<>();
    int nameless = 0;
    int answers = 0;
    for (Message message : messages) {
      if (message instanceof Message.Response response) {
        answers++;
        if (response.id().equals(RequestId.NULL)) {
          nameless++;
        } else if (!named.add(response.id())) {
          book.wrong("answered twice in one array: " + response);
        }
        answered(response);
      }
    }
    if (answers > 0 && !owed.remove(new Owed(array, named, nameless))) {
      book.wrong("not what is owed for any frame: " + messages);
    }
  }

  private void answered(Message.Response response) {
    calls.remove(response.id());
    CompletableFuture<@Nullable Object> future = futures.remove(response.id());
    if (future != null) {
      switch (response) {
        case Message.Success(var id, RawJson result) -> future.complete(result);
        case Message.Failure(var id, var fault) ->
            future.completeExceptionally(new FaultException(fault));
      }
    }
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    book.wrong("binary");
  }

  @Override
  public void onWritable(boolean writable) {}

  @Override
  public void onClosed(int code, String reason) {
    over = true;
    end();
  }

  @Override
  public String toString() {
    return "plain peer that is owed " + owed;
  }

  private void end() {
    owed.clear();
    calls.clear();
    List.copyOf(futures.values())
        .forEach(
            future -> future.completeExceptionally(new ConnectionLostException(true, "plain")));
    futures.clear();
  }
}
