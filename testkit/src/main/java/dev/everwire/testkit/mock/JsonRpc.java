package dev.everwire.testkit.mock;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/** The texts of JSON-RPC 2.0. */
final class JsonRpc {
  static final int UNAUTHENTICATED = FaultCode.UNAUTHENTICATED;

  private JsonRpc() {}

  static String answer(Heard request, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + request.id() + ",\"result\":" + result + "}";
  }

  static String fault(Heard request, int code, String message, @Nullable String data) {
    JsonWriter out = new JsonWriter().beginObject().name("jsonrpc").value("2.0");
    out.name("id").value(RawJson.parse(request.id())).name("error").beginObject();
    out.name("code").value(code).name("message").value(message);
    if (data != null) {
      out.name("data").value(RawJson.parse(data));
    }
    return out.endObject().endObject().toRawJson().toString();
  }

  static String notification(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}";
  }
}
