package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.netty.NettyListener;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Signature;
import dev.everwire.session.Signature.Failure;
import dev.everwire.session.Signature.Parameter;
import dev.everwire.session.Signature.Result;
import java.io.File;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;

/**
 * What {@code rpc.discover} answers, read by the tools of others: npm's @open-rpc/schema-utils-js.
 */
final class DiscoverIT {
  @TempDir private Path directory;

  enum Side {
    BUY,
    SELL
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  sealed interface Payment permits Card, Cash {}

  @JsonTypeName("card")
  record Card(String number) implements Payment {}

  @JsonTypeName("cash")
  record Cash(BigDecimal given) implements Payment {}

  record Order(
      UUID id,
      Side side,
      int quantity,
      @Nullable String note,
      Optional<Instant> until,
      Duration patience,
      URI page,
      byte[] signature,
      Set<String> tags,
      Map<String, BigDecimal> prices,
      List<Order> parts,
      Payment payment,
      Object anything) {}

  record Page<T>(List<T> items, @Nullable String next) {}

  private static final Type PAGE = new TypeReference<Page<Order>>() {}.getType();

  private static final String FITTING =
      """
      {"id":"6a1fa1a5-8b63-4b9b-9a2f-0e6a9d3f6d11","side":"BUY","quantity":2,"note":null,"patience":"PT1S",
       "page":"https://example.org/","signature":"AQI=","tags":["a"],"prices":{"eur":1.5},"parts":[],
       "payment":{"kind":"cash","given":5},"anything":[1]}
      """;

  @Test
  void theDemoIsReadByOthers() throws Exception {
    var tools = Tools.npm("openrpc").toFile();
    try (Serving server = Serving.on(0);
        Client client = Everwire.client(server.uri("/ws")).connect()) {
      read(
          tools,
          client,
          "[{\"method\":\"subtract\",\"params\":[42,23],\"fits\":true},"
              + "{\"method\":\"subtract\",\"params\":[\"42\",23],\"fits\":false}]");
    }
  }

  @Test
  void everyKindOfTypeIsReadByOthers() throws Exception {
    var tools = Tools.npm("openrpc").toFile();
    Signature place =
        Signature.named("orders.place")
            .doc("Places an order. It is not paid by that.")
            .parameter(Parameter.required("order", Order.class).doc("What is wanted."))
            .parameter(Parameter.optional("dry", Boolean.class))
            .parameter(new Parameter("times", Integer.class, false, false, RawJson.number(1), ""))
            .result(new Result(Order.class, true, false, ""))
            .error(new Failure(409, "sold out", Page.class))
            .deprecated(true)
            .idempotent(true)
            .build();
    Signature list =
        Signature.named("orders.list").result(new Result(PAGE, false, true, "")).build();
    Signature told = Signature.named("orders.told").notification(true).build();
    try (Server server =
            Everwire.server()
                .listen(NettyListener.on("127.0.0.1", 0))
                .describe("Order desk", "1.4.0")
                .utilities()
                .method(exposed(place))
                .method(exposed(list))
                .method(exposed(told))
                .method("untyped", call -> null)
                .start();
        Client client =
            Everwire.client(URI.create("ws://127.0.0.1:" + server.port() + "/ws")).connect()) {
      read(
          tools,
          client,
          "[{\"method\":\"orders.place\",\"params\":["
              + FITTING
              + "],\"fits\":true},"
              + "{\"method\":\"orders.place\",\"params\":["
              + FITTING.replace("BUY", "KEEP")
              + "],\"fits\":false},"
              + "{\"method\":\"orders.place\",\"params\":["
              + FITTING.replace("cash", "gold")
              + "],\"fits\":false},"
              + "{\"method\":\"orders.place\",\"params\":["
              + FITTING
              + ",null,3],\"fits\":true},"
              + "{\"method\":\"ping\",\"params\":[],\"fits\":true}]");
    }
  }

  private void read(File tools, Client client, String calls) throws Exception {
    Path document = directory.resolve("openrpc.json");
    Path checks = directory.resolve("calls.json");
    Files.writeString(document, String.valueOf(client.call("rpc.discover", null, RawJson.class)));
    Files.writeString(checks, calls);
    try (Program check =
        Program.start(
            "check.mjs",
            List.of("node", "check.mjs", document.toString(), checks.toString()),
            tools)) {
      assertThat(check.exit()).as("%s", check).isZero();
      assertThat(check.outLines(0)).last().asString().startsWith("ok: ");
    }
  }

  private static Exposed exposed(Signature signature) {
    return Exposed.of(signature.name(), call -> null, Execution.CONCURRENT).describedBy(signature);
  }
}
