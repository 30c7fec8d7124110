package dev.everwire.app.serve;

import dev.everwire.config.Config;
import dev.everwire.config.section.AuthOptions;
import dev.everwire.config.section.RuleOptions;
import dev.everwire.config.section.TopicOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds on a server, in one line. */
final class Summary {
  private final Config config;

  private Summary(Config config) {
    this.config = config;
  }

  /** {@code development preset: anonymous, all topics open, …}. */
  static String of(Config config) {
    return new Summary(config).line();
  }

  private String line() {
    List<String> parts = new ArrayList<>(List.of(who(), what()));
    String administration = administration();
    if (administration != null) {
      parts.add(administration);
    }
    parts.add("in-memory");
    if (!config.listen().local()) {
      parts.add("open to other machines");
    }
    return config.preset() + " preset: " + String.join(", ", parts);
  }

  private String who() {
    AuthOptions auth = config.auth();
    List<String> proofs = new ArrayList<>();
    if (!auth.jwt().keys().isEmpty()) {
      proofs.add("tokens");
    }
    if (!auth.apiKeys().isEmpty()) {
      proofs.add("API keys");
    }
    if (auth.certificates().enabled()) {
      proofs.add("client certificates");
    }
    if (auth.anonymous()) {
      proofs.addFirst("anonymous");
    }
    return proofs.isEmpty() ? "nobody can come in" : String.join(" or ", proofs);
  }

  private String what() {
    List<RuleOptions> rules = config.access().rules();
    List<TopicOptions> topics = config.topics();
    if (rules != null) {
      return count(rules.size(), "access rule") + ", " + count(topics.size(), "kind of topics");
    }
    TopicOptions first = topics.isEmpty() ? null : topics.getFirst();
    return first != null && first.pattern().equals("**") && first.publishable()
        ? "all topics open"
        : count(topics.size(), "kind of topics");
  }

  private @Nullable String administration() {
    if (config.access().rules() != null) {
      return "administration by access rules";
    }
    if (config.admin().open() && config.listen().local()) {
      return "administration open";
    }
    List<String> roles = config.admin().roles();
    return roles.isEmpty() || !config.auth().possible()
        ? null
        : "administration for " + String.join(", ", roles);
  }

  private static String count(int number, String what) {
    if (number == 1) {
      return "1 " + what;
    }
    String several = what.startsWith("kind of") ? what.replace("kind of", "kinds of") : what + "s";
    return (number == 0 ? "no" : number) + " " + several;
  }
}
