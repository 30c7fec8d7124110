package dev.everwire.app.cli;

import dev.everwire.auth.JwksEndpoint;
import dev.everwire.auth.JwtKeys;
import dev.everwire.auth.SigningAlgorithm;
import dev.everwire.auth.TokenInspection;
import dev.everwire.auth.TokenInspection.Signature;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    description = {
      "Prints what a token says and, given a key, whether its signature holds.",
      "Ends with 1 if it is no token, does not hold, has expired or is not valid yet. What it says"
          + " is not to be believed before the signature holds."
    })
final class TokenInspectCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "TOKEN",
      description = "The token; - reads it from standard input, out of sight of others.")
  private String token = "";

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "Checks by the secret in this file.")
  private @Nullable Path secretFile;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Checks by the public keys or certificates in this file (PEM).")
  private @Nullable Path key;

  @Option(
      names = "--jwks",
      paramLabel = "URL|FILE",
      description = "Checks by the key set (JWKS) at this address or in this file.")
  private @Nullable String jwks;

  @Option(names = "--json", description = Texts.JSON_OUTPUT)
  private boolean json;

  @Override
  public Integer call() throws IOException {
    int given = (secretFile == null ? 0 : 1) + (key == null ? 0 : 1) + (jwks == null ? 0 : 1);
    if (given > 1) {
      throw new CommandException(
          ExitStatus.USAGE, "--secret-file, --key, --jwks (expected: at most one of them)");
    }
    String text = token.equals("-") ? TokenFiles.text(System.in, "standard input").strip() : token;
    TokenInspection inspection = read(text);
    Instant now = Instant.now();
    Instant expires = moment(inspection, "exp");
    Instant begins = moment(inspection, "nbf");
    String time =
        expires != null && !now.isBefore(expires)
            ? "expired"
            : begins != null && now.isBefore(begins) ? "not valid yet" : "";
    JwtKeys keys = keys(inspection);
    Signature signature =
        keys == null ? null : inspection.signature(keys).toCompletableFuture().join();
    if (json) {
      tellJson(inspection, signature, time);
    } else {
      print("header      " + printable(inspection.header()));
      print("claims      " + printable(inspection.claims()));
      tellTime("issued      ", moment(inspection, "iat"), now);
      tellTime("not before  ", begins, now);
      tellTime("expires     ", expires, now);
      print("signature   " + words(signature));
    }
    if (signature instanceof Signature.Unknown) {
      return ExitStatus.UNAVAILABLE.code();
    }
    return signature instanceof Signature.Wrong || !time.isEmpty()
        ? ExitStatus.REFUSED.code()
        : ExitStatus.OK.code();
  }

  private static TokenInspection read(String text) {
    try {
      return TokenInspection.of(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitStatus.REFUSED, "no token: " + e.getMessage());
    }
  }

  private static @Nullable Instant moment(TokenInspection inspection, String claim) {
    try {
      return inspection.moment(claim);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitStatus.REFUSED, "no token: " + e.getMessage());
    }
  }

  private @Nullable JwtKeys keys(TokenInspection inspection) {
    Set<SigningAlgorithm> asymmetric = EnumSet.allOf(SigningAlgorithm.class);
    asymmetric.removeIf(SigningAlgorithm::isSecret);
    try {
      if (secretFile != null) {
        SigningAlgorithm by =
            inspection
                .algorithm()
                .filter(SigningAlgorithm::isSecret)
                .orElse(SigningAlgorithm.HS256);
        return JwtKeys.secret(TokenFiles.read(secretFile).stripTrailing(), EnumSet.of(by));
      }
      if (key != null) {
        return JwtKeys.pem(TokenFiles.read(key), asymmetric);
      }
      if (jwks == null) {
        return null;
      }
      return jwks.matches("(?i)https?://.*")
          ? JwtKeys.jwks(JwksEndpoint.at(URI.create(jwks)), asymmetric)
          : JwtKeys.jwks(TokenFiles.read(Path.of(jwks)), asymmetric);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitStatus.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static String words(@Nullable Signature signature) {
    return switch (signature) {
      case null -> "not checked (give --secret-file, --key or --jwks)";
      case Signature.Holds holds -> "holds";
      case Signature.Wrong(String why) -> "does not hold: " + why;
      case Signature.Unknown(String why) -> "unknown: " + why;
    };
  }

  private void tellTime(String name, @Nullable Instant moment, Instant now) {
    if (moment != null) {
      Duration ahead = Duration.between(now, moment);
      print(
          name
              + moment
              + (ahead.isNegative()
                  ? " (" + rough(ahead.negated()) + " ago)"
                  : " (in " + rough(ahead) + ")"));
    }
  }

  /** The two largest units. */
  static String rough(Duration time) {
    if (time.toDays() > 0) {
      return time.toDays() + " d " + time.toHoursPart() + " h";
    }
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }

  private void tellJson(TokenInspection inspection, @Nullable Signature signature, String time) {
    JsonWriter out = new JsonWriter().beginObject();
    out.name("header").value(inspection.header()).name("claims").value(inspection.claims());
    String state =
        switch (signature) {
          case null -> "not checked";
          case Signature.Holds holds -> "holds";
          case Signature.Wrong wrong -> "wrong";
          case Signature.Unknown unknown -> "unknown";
        };
    out.name("signature").value(state);
    if (signature instanceof Signature.Wrong(String why)) {
      out.name("why").value(why);
    } else if (signature instanceof Signature.Unknown(String why)) {
      out.name("why").value(why);
    }
    out.name("time").value(time.isEmpty() ? "valid" : time);
    print(printable(out.endObject().toRawJson()));
  }

  /** On one line, and with nothing in it that a terminal would obey. */
  private static String printable(RawJson json) {
    StringBuilder out = new StringBuilder();
    for (char c : json.toString().toCharArray()) {
      if (c == '\n' || c == '\r' || c == '\t') {
        out.append(' '); // between values; inside a text they are escaped already
      } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
