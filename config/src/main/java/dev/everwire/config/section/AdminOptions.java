package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import java.util.List;

/** Who may call rpc.admin methods. Immutable. */
public record AdminOptions(
    @Doc(
            "Everybody may, where the server can only be reached from its own machine and there are no access.rules. For development.")
        boolean open,
    @Doc(
            "Who has one of these roles may, where there are no access.rules; where there are, those decide alone.")
        List<String> roles) {
  /** Everybody on this machine, and the role {@code admin}. */
  public static final AdminOptions DEFAULT = new AdminOptions(true, List.of("admin"));

  public AdminOptions {
    roles = List.copyOf(roles);
  }
}
