package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import java.util.List;

/** Roles of one user. Immutable. */
public record UserRoleOptions(
    @Doc("The name that the certificate gives.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        String user,
    @Doc("Roles that the user has besides rolesOfAll.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        List<String> roles) {
  public UserRoleOptions {
    roles = List.copyOf(roles);
  }
}
