package dev.everwire.server.authorisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.TestPeer;
import dev.everwire.server.access.AccessRule;
import dev.everwire.server.access.AccessRules;
import dev.everwire.server.access.Action;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.contract.Subscription;
import dev.everwire.session.stream.ItemStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of principal does every kind of thing, each on a connection of its own. */
final class MatrixTest extends Guarded {
  private static final AccessRules RULES =
      AccessRules.of(
          List.of(
              AccessRule.deny(Action.CALL, Action.values()).on("**").toUsers("eve"),
              AccessRule.allow(Action.CALL).on("quick").toAnyone(),
              AccessRule.allow(Action.CALL).on("threaded", "ticks.*").toUsers("*"),
              AccessRule.allow(Action.CALL).on("ordered").toRoles("agent"),
              AccessRule.allow(Action.CALL).on("orders.read").toTenants("acme"),
              AccessRule.allow(Action.SUBSCRIBE).on("news").toAnyone(),
              AccessRule.allow(Action.HISTORY).on("news").toRoles("agent"),
              AccessRule.allow(Action.SUBSCRIBE, Action.HISTORY, Action.PUBLISH)
                  .on("users/{user}")
                  .toUsers("*"),
              AccessRule.allow(Action.SUBSCRIBE, Action.PUBLISH)
                  .on("tenants/{tenant}/**")
                  .toRoles("agent"),
              AccessRule.allow(Action.ADMINISTER).on("**").toRoles("admin")),
          List.of("guest", "agent", "admin"));

  private static final List<String> PRINCIPALS =
      List.of("", "gus:guest:", "ada:agent:write", "max:admin:write", "eve:admin:write");

  interface Ticks {
    @Rpc
    @Subscription(unsubscribe = "ticks.end", notification = "ticks.tick")
    ItemStream<Integer> begin();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # method         | parameters                              | anonymous guest agent admin banned
          quick            | {}                                      | y y y y n
          threaded         | {}                                      | n y y y n
          ordered          | {}                                      | n n y y n
          orders.read      | {}                                      | n y y y n
          orders.place     | {}                                      | n n y y n
          vault.open       | {}                                      | n n n y n
          coded            | {}                                      | n n n y n
          ticks.begin      | {}                                      | n y y y n
          rpc.subscribe    | {"topic":"news"}                        | y y y y n
          rpc.subscribe    | {"topic":"users/ME"}                    | n y y y n
          rpc.subscribe    | {"topic":"users/other"}                 | n n n n n
          rpc.subscribe    | {"topic":"tenants/acme/a/b"}            | n n y y n
          rpc.subscribe    | {"topic":"tenants/other/a"}             | n n n n n
          rpc.history      | {"topic":"news"}                        | n n y y n
          rpc.history      | {"topic":"users/ME"}                    | n y y y n
          rpc.publish      | {"topic":"news","data":1}               | n n n n n
          rpc.publish      | {"topic":"users/ME","data":1}           | n y y y n
          rpc.publish      | {"topic":"users/other","data":1}        | n n n n n
          rpc.publish      | {"topic":"tenants/acme/a","data":1}     | n n y y n
          rpc.on           | ["news"]                                | y y y y n
          rpc.on           | ["tenants/acme/a"]                      | n n y y n
          rpc.admin.stats  | {}                                      | n n n y n
          rpc.admin.topics | {}                                      | n n n y n
          rpc.discover     | {}                                      | n n n n n
          """)
  void eachMayWhatTheTableSays(String method, String params, String table) {
    server =
        started(
            builder(RULES)
                .authentication(TERMS.withAnonymous(true))
                .expose(Ticks.class, () -> ItemStream.of(List.of(1))));
    String[] cells = table.trim().split(" ");
    for (int i = 0; i < cells.length; i++) {
      String who = PRINCIPALS.get(i);
      String given = params.replace("ME", who.isEmpty() ? "null" : who.split(":")[0]);
      boolean allowed = cells[i].equals("y");

      RawJson answer = peer(who).call(1, method, given);
      assertThat(answer.members().names().contains("result"))
          .as("%s as \"%s\": %s", method, who, answer)
          .isEqualTo(allowed);
      if (!allowed) {
        assertThat(errorCode(answer)).isIn(-32003L, -32606L); // the latter is a dialect's
      }
      told(who, method, given, allowed);
    }
  }

  /** The same as a notification, where that does something. */
  private void told(String who, String method, String params, boolean allowed) {
    if (List.of("quick", "threaded", "ordered", "coded").contains(method)) {
      ran.clear();
      TestPeer peer = peer(who);
      peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}");
      assertThat(ran.contains(method)).as("%s told by \"%s\"", method, who).isEqualTo(allowed);
      assertThat(peer.heardNothing()).isTrue();
    }
  }

  private TestPeer peer(String token) {
    return token.isEmpty() ? TestPeer.dial(network, "ws://server/ws", Map.of()) : dial(token);
  }
}
