package dev.everwire.config;

import dev.everwire.config.internal.catalogue.Catalogue;
import dev.everwire.config.internal.catalogue.Leaf;
import dev.everwire.config.internal.text.Nearest;
import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.section.AccessOptions;
import dev.everwire.config.section.AdminOptions;
import dev.everwire.config.section.AuthOptions;
import dev.everwire.config.section.CompressionOptions;
import dev.everwire.config.section.DialectOptions;
import dev.everwire.config.section.DrainOptions;
import dev.everwire.config.section.HeartbeatOptions;
import dev.everwire.config.section.LifetimeOptions;
import dev.everwire.config.section.LimitOptions;
import dev.everwire.config.section.ListenOptions;
import dev.everwire.config.section.LogOptions;
import dev.everwire.config.section.ServiceOptions;
import dev.everwire.config.section.SessionOptions;
import dev.everwire.config.section.TlsOptions;
import dev.everwire.config.section.TopicOptions;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Live;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set on a standalone server, in the same words in code, in a file and in
 * the environment. Immutable.
 *
 * <pre>{@code
 * Config config =
 *     Config.preset("production").with("heartbeat.interval", "10s").with("listen.port", 9000);
 * }</pre>
 */
public record Config(
    @Doc("The preset that the rest was said on top of.") @Live String preset,
    @Doc("Where connections come from.") ListenOptions listen,
    @Doc("Keys and certificates of the server.") TlsOptions tls,
    @Doc("How the server presents itself and its methods.") ServiceOptions service,
    @Doc("How sessions survive their connections.") SessionOptions session,
    @Doc("How silent links are found out; clients are told.") HeartbeatOptions heartbeat,
    @Doc("How long a connection may last.") LifetimeOptions lifetime,
    @Doc("Bounds that the server holds itself and its peers to.") LimitOptions limits,
    @Doc("How the server goes away.") @Live DrainOptions drain,
    @Doc("How the server finds out who connects.") @Live AuthOptions auth,
    @Doc("Who may do what.") AccessOptions access,
    @Doc("Kinds of topics, asked in their order; a topic that none matches does not exist.")
        List<TopicOptions> topics,
    @Doc("Origins of web pages that may connect besides the server's own; * for all.") @Live
        List<String> origins,
    @Doc("Who may call rpc.admin methods.") AdminOptions admin,
    @Doc("What is logged.") LogOptions log,
    @Doc("Which ways to put messages on the wire are spoken.") DialectOptions dialects,
    @Doc("Whether messages are compressed for clients that offer it.")
        CompressionOptions compression) {

  static final Catalogue CATALOGUE = Catalogue.of(Config.class);

  /** The preset {@code development}: for one's own machine, everybody is welcome there. */
  public static final Config DEFAULT =
      new Config(
          Preset.DEVELOPMENT,
          ListenOptions.DEFAULT,
          TlsOptions.DEFAULT,
          ServiceOptions.DEFAULT,
          SessionOptions.DEFAULT,
          HeartbeatOptions.DEFAULT,
          LifetimeOptions.DEFAULT,
          LimitOptions.DEFAULT,
          DrainOptions.DEFAULT,
          AuthOptions.DEFAULT,
          AccessOptions.DEFAULT,
          TopicOptions.ALL_OPEN,
          List.of(),
          AdminOptions.DEFAULT,
          LogOptions.DEFAULT,
          DialectOptions.DEFAULT,
          CompressionOptions.DEFAULT);

  public Config {
    topics = List.copyOf(topics);
    origins = List.copyOf(origins);
  }

  /**
   * What a preset says.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Config preset(String name) {
    return Preset.named(name)
        .map(Preset::config)
        .orElseThrow(() ->
            new IllegalArgumentException("preset: " + Quotes.shown(name) + Preset.hint(name)));
  }

  /**
   * The same with another value of one option. Options that depend on each other are checked when
   * the tree is used.
   *
   * @param path for instance {@code session.resumeWithin}
   * @param value as it stands in a file, or of the option's own type; null for {@code none}
   * @throws IllegalArgumentException if there is no such option, or the value is out of its bounds
   */
  public Config with(String path, @Nullable Object value) {
    if (path.equals("preset")) {
      throw new IllegalArgumentException("preset: cannot be changed (expected: Config.preset)");
    }
    Layers layers = new Layers(this, java.util.Map.of());
    layers.code(path, value);
    try {
      return layers.config();
    } catch (ConfigException e) {
      String why = String.valueOf(e.getMessage());
      throw new IllegalArgumentException(why.substring(why.indexOf(": ") + 2), e);
    }
  }

  /**
   * The value of an option as it stands in a file; secrets are not shown.
   *
   * @throws IllegalArgumentException if there is no such option
   */
  public String text(String path) {
    Leaf leaf = CATALOGUE.leaves().get(path);
    if (leaf == null) {
      throw new IllegalArgumentException(
          "path: " + Quotes.shown(path) + Nearest.hint(path, CATALOGUE.leaves().keySet()));
    }
    return leaf.write(CATALOGUE.values(this).get(path));
  }

  /** For {@link Layers}. */
  static Config of(java.util.Map<String, @Nullable Object> values) {
    return (Config) CATALOGUE.tree(values);
  }

  /** Without secrets: the preset and what is different from it. */
  @Override
  public String toString() {
    return "Config[" + preset + "]";
  }
}
