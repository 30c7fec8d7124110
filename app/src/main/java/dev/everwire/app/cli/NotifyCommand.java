package dev.everwire.app.cli;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "notify",
    description = {
      "Sends a notification, which is never answered.",
      "Ends when the server has confirmed the end of the connection: by then the notification has"
          + " reached it."
    })
final class NotifyCommand extends BaseCommand implements Callable<Integer> {
  private static final TransportLimits LIMITS =
      new TransportLimits(
          TransportLimits.CLIENT.maxMessageBytes(),
          TransportLimits.CLIENT.maxQueuedBytes(),
          TransportLimits.CLIENT.maxQueuedMessages(),
          Duration.ofSeconds(30));

  @Parameters(index = "0", paramLabel = "URL", description = Texts.URL)
  private String url = "";

  @Parameters(index = "1", paramLabel = "METHOD", description = "Name of the method.")
  private String method = "";

  @Parameters(index = "2", arity = "0..1", paramLabel = "PARAMS", description = Texts.PARAMS)
  private @Nullable RawJson params;

  @Mixin private TokenOptions who = new TokenOptions();

  @Override
  public Integer call() throws InterruptedException {
    String token = who.token(Urls.conversation(url));
    JsonWriter json = new JsonWriter();
    new JsonRpcCodec(2, 1).write(new Message.Notification(method, Values.params(params)), json);
    int code =
        RawLink.run(
            Urls.conversation(url),
            token == null ? Map.of() : Map.of("authorization", "Bearer " + token),
            LIMITS,
            (transport, closed) -> {
              var unused = transport.sendText(json.buffer()); // the first message always fits
              transport.close(CloseCode.NORMAL.value(), "");
              return new Farewell(closed);
            });
    if (code != CloseCode.NORMAL.value()) {
      throw new CommandException(
          ExitStatus.UNAVAILABLE,
          "the connection ended with " + code + "; the notification may not have arrived");
    }
    return ExitStatus.OK.code();
  }

  /** Waits for the end and for nothing else. */
  private record Farewell(IntConsumer closed) implements Receiver {
    @Override
    public void onText(ByteBuffer utf8) {}

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {
      closed.accept(code);
    }
  }
}
