package dev.everwire.app.cli;

import dev.everwire.auth.SigningAlgorithm;
import dev.everwire.auth.TokenClaims;
import dev.everwire.auth.TokenIssuer;
import dev.everwire.protocol.json.JsonWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "issue",
    description = {
      "Makes a signed token and prints it.",
      "With --generate makes the secret or key pair first: FILE, which only you can read, and for a"
          + " pair FILE.pub, which is for the server."
    })
final class TokenIssueCommand extends TokenCommand.About implements Callable<Integer> {
  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "Signs with the secret in this file (HS256, HS384, HS512).")
  private @Nullable Path secretFile;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Signs with the private key in this file (PEM, PKCS #8).")
  private @Nullable Path key;

  @Option(
      names = "--alg",
      paramLabel = "ALG",
      description = "${COMPLETION-CANDIDATES}; HS256 for a secret, ES256 for a key if left out.")
  private @Nullable SigningAlgorithm algorithm;

  @Option(names = "--generate", description = "Makes the file; never writes over one.")
  private boolean generate;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      defaultValue = "1h",
      description = "How long it is good (default: ${DEFAULT-VALUE}).")
  private Duration life = Duration.ZERO;

  @Option(names = "--issuer", paramLabel = "NAME", description = "Who issues it (iss).")
  private @Nullable String issuer;

  @Option(
      names = "--audience",
      paramLabel = "NAME",
      description = "Whom it is for (aud); may be repeated.")
  private List<String> audiences = new ArrayList<>();

  @Option(names = "--key-id", paramLabel = "NAME", description = "Names the key (kid).")
  private @Nullable String keyId;

  @Override
  public Integer call() {
    Path file = secretFile != null ? secretFile : key;
    if (file == null || (secretFile != null && key != null)) {
      throw new CommandException(
          ExitStatus.USAGE, "--secret-file, --key (expected: exactly one of them)");
    }
    String name = user();
    if (name == null && !generate) {
      throw new CommandException(ExitStatus.USAGE, "--user (expected: a name)");
    }
    try {
      SigningAlgorithm by =
          algorithm != null
              ? algorithm
              : secretFile != null ? SigningAlgorithm.HS256 : SigningAlgorithm.ES256;
      if (by.isSecret() != (secretFile != null)) {
        throw new CommandException(
            ExitStatus.USAGE,
            "--alg: " + by + " (expected: HS… with --secret-file, RS…, PS… or ES… with --key)");
      }
      TokenClaims claims = name == null ? null : claims(name);
      if (generate) {
        make(file, by);
      }
      if (claims != null) {
        tell(signer(file, by).issue(claims), claims);
      }
      return ExitStatus.OK.code();
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  private TokenClaims claims(String name) {
    Instant now = Instant.now();
    TokenClaims.Builder claims =
        TokenClaims.of(name)
            .id(UUID.randomUUID().toString())
            .roles(roles())
            .permissions(permissions())
            .audiences(audiences)
            .issuedAt(now)
            .expiresAt(now.plus(life(life)));
    String tenant = tenant();
    if (tenant != null) {
      claims.tenant(tenant);
    }
    if (issuer != null) {
      claims.issuer(issuer);
    }
    return claims.build();
  }

  private void make(Path file, SigningAlgorithm by) {
    TokenIssuer.Material material = TokenIssuer.generate(by);
    String publicKey = material.publicKey();
    if (publicKey == null) {
      TokenFiles.writePrivate(file, material.secretOrPrivateKey() + "\n");
      err().println("made " + file + ", a secret");
    } else {
      Path beside = file.resolveSibling(file.getFileName() + ".pub");
      if (Files.exists(beside)) {
        throw new CommandException(ExitStatus.USAGE, beside + " exists (expected: a new file)");
      }
      TokenFiles.writePrivate(file, material.secretOrPrivateKey());
      TokenFiles.writePublic(beside, publicKey);
      err().println("made " + file + ", a secret, and " + beside + ", for the server");
    }
    err().flush();
  }

  private TokenIssuer signer(Path file, SigningAlgorithm by) {
    String text = TokenFiles.read(file);
    if (TokenFiles.readableByOthers(file)) {
      err().println("warning: " + file + " can be read by others (chmod 600)");
      err().flush();
    }
    TokenIssuer signer =
        by.isSecret() ? TokenIssuer.secret(text.stripTrailing(), by) : TokenIssuer.pem(text, by);
    return keyId == null ? signer : signer.withKeyId(keyId);
  }

  private void tell(String token, TokenClaims claims) {
    print(
        json()
            ? new JsonWriter()
                .beginObject()
                .name("token")
                .value(token)
                .name("claims")
                .value(claims.toJson())
                .endObject()
                .toRawJson()
                .toString()
            : token);
  }
}
