package dev.everwire.config.acts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.config.Config;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What shows that an option does something: two values of it, and something seen from outside that
 * is different with the one and with the other, and the same again with the first.
 */
final class Proof {
  /** On this machine, at any port, everybody is welcome; and it is gone at once. */
  private static final Config BASE =
      Config.DEFAULT
          .with("listen.port", 0)
          .with("listen.open", true)
          .with("listen.loops", 1)
          .with("drain.within", "0s");

  /** What somebody sees who uses a server. */
  interface Sight {
    @Nullable Object of(World world) throws Exception;
  }

  /** What somebody sees who makes something of a configuration. */
  interface Look {
    @Nullable Object at(Config config) throws Exception;
  }

  private record Given(String path, @Nullable Object value) {}

  private final String option;
  private final @Nullable Object one;
  private final @Nullable Object other;
  private final List<Given> given = new ArrayList<>();
  private String list = "";
  private String template = "%s";
  private @Nullable Look look;

  private Proof(String option, @Nullable Object one, @Nullable Object other) {
    this.option = option;
    this.list = option;
    this.one = one;
    this.other = other;
  }

  static Proof of(String option, @Nullable Object one, @Nullable Object other) {
    return new Proof(option, one, other);
  }

  /** With this value of another option, both times. */
  Proof with(String path, @Nullable Object value) {
    given.add(new Given(path, value));
    return this;
  }

  /** The option is part of an element: the list is written so, with %s where the value goes. */
  Proof in(String path, String text) {
    list = path;
    template = text;
    return this;
  }

  Proof seen(Sight sight) {
    return looked(config -> {
      try (World world = new World(config)) {
        return sight.of(world);
      }
    });
  }

  Proof looked(Look made) {
    look = made;
    return this;
  }

  String option() {
    return option;
  }

  void check() throws Exception {
    Object first = at(one);
    Object second = at(other);
    assertThat(second).as(option + ": " + one + ", then " + other).isNotEqualTo(first);
    assertThat(at(one)).as(option + ": " + one + " again").isEqualTo(first);
  }

  private @Nullable Object at(@Nullable Object value) throws Exception {
    Config config = BASE;
    for (Given each : given) {
      config = config.with(each.path(), each.value());
    }
    boolean whole = template.equals("%s");
    if (look == null) {
      throw new IllegalStateException(option + ": nothing is looked at");
    }
    return look.at(
        config.with(list, whole ? value : template.replace("%s", String.valueOf(value))));
  }

  @Override
  public String toString() {
    return option;
  }
}
