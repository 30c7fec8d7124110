package dev.everwire.benchmarks;

import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Params;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call with a record as parameter and another as result, from the bytes of the request to those
 * of the reply, with no thread and no socket; and its parts. Beside it the same by Jackson alone.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TypedCallBenchmark {
  private static final byte[] REQUEST =
      ("{\"jsonrpc\":\"2.0\",\"id\":123456,\"method\":\"orders.place\","
              + "\"params\":[{\"sku\":\"sku-1234\",\"quantity\":2,\"note\":\"leave at the door\"}]}")
          .getBytes(StandardCharsets.UTF_8);

  private final JsonRpcCodec codec = new JsonRpcCodec(200, 100);
  private final JsonWriter out = new JsonWriter();
  private final JacksonValues values = JacksonValues.create();
  private final JsonMapper mapper = JsonMapper.builder().build();
  private final ByteBuffer request =
      ByteBuffer.allocateDirect(REQUEST.length).put(REQUEST).flip(); // as it comes from a socket
  private final RawJson command =
      RawJson.parse("{\"sku\":\"sku-1234\",\"quantity\":2,\"note\":\"leave at the door\"}");
  private final Order order = new Order("o-123456", "sku-1234", 2, true);

  /** What is asked for. */
  public record PlaceOrder(String sku, int quantity, String note) {}

  /** What comes of it. */
  public record Order(String id, String sku, int quantity, boolean open) {}

  /** Read, bind, run, write. */
  @Benchmark
  public ByteBuffer call() {
    if (codec.read(request) instanceof Frame.Single(Message.Request(var id, var method, var given))
        && method.equals("orders.place")) {
      PlaceOrder placed = new Params(given, values).get(0, "command", PlaceOrder.class);
      RawJson result = values.encode(place(placed));
      codec.write(new Message.Success(id, result), out.reset());
      return out.buffer();
    }
    throw new IllegalStateException("no request");
  }

  @Benchmark
  public Object decodeParameter() {
    return values.decode(command, PlaceOrder.class);
  }

  @Benchmark
  public RawJson encodeResult() {
    return values.encode(order);
  }

  /** The same by Jackson's tree and binding, as one writes it by hand. */
  @Benchmark
  public byte[] callByJacksonAlone() {
    byte[] text = new byte[request.remaining()];
    request.get(request.position(), text);
    JsonNode call = mapper.readTree(text);
    if (!call.path("method").asString().equals("orders.place")) {
      throw new IllegalStateException("no request");
    }
    PlaceOrder placed = mapper.treeToValue(call.path("params").get(0), PlaceOrder.class);
    ObjectNode answer = mapper.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", call.get("id"));
    answer.set("result", mapper.valueToTree(place(placed)));
    return mapper.writeValueAsBytes(answer);
  }

  private static Order place(PlaceOrder command) {
    return new Order("o-123456", command.sku(), command.quantity(), true);
  }
}
