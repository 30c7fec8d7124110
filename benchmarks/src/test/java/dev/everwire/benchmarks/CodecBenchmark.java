package dev.everwire.benchmarks;

import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading and writing the envelope of one message. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
  private final JsonRpcCodec codec = new JsonRpcCodec(200, 100);
  private final JsonWriter out = new JsonWriter();

  /** Bytes of the text inside the parameters. */
  @Param({"64", "4096"})
  public int size;

  private Message request = new Message.Notification("none", null);
  private Message answer = request;
  private ByteBuffer requestText = ByteBuffer.allocate(0); // direct, as it comes from a socket

  /** Makes the messages. */
  @Setup
  public void setUp() {
    RawJson params = RawJson.parse("[\"" + "x".repeat(size) + "\",42]");
    request = new Message.Request(RequestId.number(123_456), "orders.place", params);
    answer = new Message.Success(RequestId.number(123_456), params);
    codec.write(request, out.reset());
    byte[] text = out.toRawJson().toString().getBytes(StandardCharsets.UTF_8);
    requestText = ByteBuffer.allocateDirect(text.length).put(text).flip();
  }

  @Benchmark
  public Frame readRequest() {
    return codec.read(requestText);
  }

  @Benchmark
  public ByteBuffer writeRequest() {
    codec.write(request, out.reset());
    return out.buffer();
  }

  @Benchmark
  public ByteBuffer writeAnswer() {
    codec.write(answer, out.reset());
    return out.buffer();
  }
}
