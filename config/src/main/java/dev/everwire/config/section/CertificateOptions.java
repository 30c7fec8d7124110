package dev.everwire.config.section;

import dev.everwire.auth.CertificateSettings;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Client certificates (mutual TLS) as credentials. Immutable. */
public record CertificateOptions(
    @Doc("Whether a verified client certificate shows who somebody is.") boolean enabled,
    @Doc("What in the certificate names the user.") CertificateSettings.Name user,
    @Doc("What in the certificate names the tenant.") CertificateSettings.@Nullable Name tenant,
    @Doc("Roles of everybody who has a certificate.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        List<String> rolesOfAll,
    @Doc("Permissions of everybody who has a certificate.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        List<String> permissionsOfAll,
    @Doc("Further roles of single users.") List<UserRoleOptions> roles) {
  /** Off. */
  public static final CertificateOptions DEFAULT =
      new CertificateOptions(
          false, CertificateSettings.Name.COMMON_NAME, null, List.of(), List.of(), List.of());

  public CertificateOptions {
    rolesOfAll = List.copyOf(rolesOfAll);
    permissionsOfAll = List.copyOf(permissionsOfAll);
    roles = List.copyOf(roles);
  }

  public CertificateSettings settings() {
    CertificateSettings.Builder settings =
        CertificateSettings.builder()
            .user(user)
            .tenant(tenant)
            .rolesOfAll(Set.copyOf(rolesOfAll))
            .permissionsOfAll(Set.copyOf(permissionsOfAll));
    roles.forEach(some -> settings.roles(some.user(), Set.copyOf(some.roles())));
    return settings.build();
  }
}
