package dev.everwire.server.internal.admin;

import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.server.access.Access;
import dev.everwire.spi.auth.Revocation;
import java.time.Instant;
import java.util.List;

/** Takes back what opened the door for somebody. */
final class Revoking {
  private static final List<String> ONE = List.of("token", "session", "user");

  private final Access access;

  Revoking(Access access) {
    this.access = access;
  }

  List<Act> acts() {
    return List.of(new Act("revoke", ONE, this::revoke));
  }

  private Deed revoke(Params params) {
    String by = params.one(ONE);
    String name = params.required(by, params.name(by));
    return Deed.change(
        by + "=" + name,
        ask ->
            ask.when(
                access.revoke(what(by, name, ask.loop().wallTime())),
                done ->
                    ask.answer(
                        new JsonWriter()
                            .beginObject()
                            .name("revoked")
                            .value(true)
                            .endObject()
                            .toRawJson())));
  }

  private static Revocation what(String by, String name, Instant now) {
    return switch (by) {
      case "token" -> new Revocation.Token(name);
      case "session" -> new Revocation.Session(name);
      default -> new Revocation.User(name, now);
    };
  }
}
