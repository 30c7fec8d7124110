package dev.everwire.protocol;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The cases that lie in the jar for every implementation. */
public final class Vectors {
  private Vectors() {}

  public static JsonMembers read(String file) {
    try (InputStream in = Message.class.getResourceAsStream("vectors/" + file)) {
      return RawJson.parse(Objects.requireNonNull(in, file).readAllBytes()).members();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static JsonMembers object(JsonMembers parent, String name) {
    return Objects.requireNonNull(parent.object(name), name);
  }
}
