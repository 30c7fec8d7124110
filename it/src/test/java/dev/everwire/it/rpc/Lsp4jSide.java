package dev.everwire.it.rpc;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonParser;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultException;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.jsonrpc.Endpoint;
import org.eclipse.lsp4j.jsonrpc.JsonRpcRequestFuture;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.json.JsonRpcMethod;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** LSP4J's end of one connection; its values are Gson's. */
final class Lsp4jSide implements Side, Endpoint {
  /** It throws away the results of methods that it does not know. */
  private static final Map<String, JsonRpcMethod> TYPES =
      new Agreed()
          .methods().keySet().stream()
              .collect(
                  Collectors.toMap(
                      name -> name, name -> JsonRpcMethod.request(name, JsonElement.class)));

  private final Map<String, Agreed.Method> methods;
  private final Lsp4jWire wire;

  /**
   * @param out sends a text
   */
  Lsp4jSide(Consumer<String> out, Agreed agreed) {
    methods = agreed.methods();
    wire = new Lsp4jWire(out, this, TYPES);
  }

  Lsp4jWire wire() {
    return wire;
  }

  // ---- calling

  @Override
  public Ongoing call(String method, @Nullable JsonNode params) {
    JsonRpcRequestFuture<Object> future = wire.remote().request(method, gson(params));
    return new Ongoing(
        future.handle(Lsp4jSide::answer),
        () -> {
          boolean unused = future.cancel(true);
        });
  }

  @Override
  public void notify(String method, @Nullable JsonNode params) {
    wire.remote().notify(method, gson(params));
  }

  @Override
  public long received() {
    return wire.received();
  }

  private static Answer answer(@Nullable Object result, @Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return switch (cause) {
      case null -> new Answer.Result(result == null ? Json.NULL : Json.read(result.toString()));
      case CancellationException e -> new Answer.Refused(-32800, "cancelled", null);
      case ResponseErrorException e -> {
        ResponseError error = e.getResponseError();
        Object data = error.getData();
        yield new Answer.Refused(
            error.getCode(), error.getMessage(), data == null ? null : Json.read(data.toString()));
      }
      default -> new Answer.Lost(cause.toString());
    };
  }

  // ---- called

  @Override
  public CompletableFuture<?> request(String name, @Nullable Object params) {
    Agreed.Method method = methods.get(name);
    if (method == null) {
      throw new ResponseErrorException(
          new ResponseError(ResponseErrorCode.MethodNotFound, "no " + name, null));
    }
    JsonNode given = params == null ? Json.NULL : Json.read(params.toString());
    var future = new CompletableFuture<@Nullable Object>();
    Thread serving =
        Thread.ofVirtual()
            .start(() -> {
              try {
                future.complete(gson(method.serve(given, this)));
              } catch (FaultException e) {
                future.completeExceptionally(new ResponseErrorException(error(e.fault())));
              } catch (Exception e) {
                future.completeExceptionally(e);
              }
            });
    var unused =
        future.whenComplete((value, failure) -> {
          if (future.isCancelled()) {
            serving.interrupt();
          }
        });
    return future;
  }

  @Override
  public void notify(String name, @Nullable Object params) {
    Agreed.Method method = methods.get(name);
    if (method != null) {
      try {
        Object unused = method.serve(Json.read(String.valueOf(params)), this);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static ResponseError error(Fault fault) {
    var error = new ResponseError();
    error.setCode(fault.code());
    error.setMessage(fault.message());
    error.setData(fault.data() == null ? null : JsonParser.parseString(fault.data().toString()));
    return error;
  }

  /** Null for null: LSP4J would leave the result out otherwise. */
  private static @Nullable JsonElement gson(@Nullable Object value) {
    JsonElement element =
        value == null ? JsonNull.INSTANCE : JsonParser.parseString(Json.value(value).toString());
    return element.isJsonNull() ? null : element;
  }
}
