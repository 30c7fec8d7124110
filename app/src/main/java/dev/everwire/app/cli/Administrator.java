package dev.everwire.app.cli;

import dev.everwire.client.Client;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a server for {@code rpc.admin.*}. */
record Administrator(Client client, CallOptions options) {
  private static final int MOST_ROWS = 200;

  /**
   * @param what the name behind {@code rpc.admin.}
   */
  RawJson ask(String what, Map<String, Object> params) {
    Object answer = client.call("rpc.admin." + what, params, RawJson.class, options);
    if (answer instanceof RawJson json) {
      return json;
    }
    throw new CommandException(ExitStatus.REFUSED, "the server answered nothing");
  }

  /**
   * Takes rows of a list, page by page.
   *
   * @param what also the name of the rows in the answer
   * @param most rows
   * @return whether there are more
   */
  boolean rows(String what, Map<String, Object> params, long most, Consumer<RawJson> row) {
    long left = most;
    String after = null;
    do {
      Map<String, Object> asked = new HashMap<>(params);
      asked.put("limit", Math.min(left, MOST_ROWS));
      if (after != null) {
        asked.put("after", after);
      }
      JsonMembers page = ask(what, asked).members();
      RawJson rows = page.get(what);
      if (rows != null) {
        for (RawJson one : rows.elements()) {
          row.accept(one);
          left--;
        }
      }
      after = moved(after, page.stringOrNull("next"));
    } while (after != null && left > 0);
    return after != null;
  }

  /** A page may be empty and have others behind it, but it has to move on. */
  private static @Nullable String moved(@Nullable String before, @Nullable String next) {
    if (next != null && next.equals(before)) {
      throw new CommandException(ExitStatus.REFUSED, "the server's list does not move on");
    }
    return next;
  }
}
