package dev.everwire.it.rpc;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One end of a connection, whoever wrote it, that calls the other end. */
interface Side {
  Ongoing call(String method, @Nullable JsonNode params);

  void notify(String method, @Nullable JsonNode params) throws Exception;

  /** Messages that this end got until the latest answer; -1 where nobody counts. */
  default long received() {
    return -1;
  }

  /** Calls and waits. */
  default Answer ask(String method, @Nullable JsonNode params) throws Exception {
    return call(method, params).answer();
  }

  default Answer ask(String method, Map<String, ?> params) throws Exception {
    return ask(method, Json.object(params));
  }
}
