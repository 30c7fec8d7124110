package dev.everwire.app.demo;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Params;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON numbers of any size, exactly: neither 2^53 nor 0.1 + 0.2 is a surprise. */
final class Numbers {
  /**
   * Digits before or behind the point; {@code 1e999999999} would fill the memory when added to 1.
   */
  private static final int MOST_DIGITS = 1_000;

  private Numbers() {}

  static BigDecimal read(String name, @Nullable RawJson json) {
    if (json == null) {
      throw Params.invalid(name + ": missing");
    }
    if (json.kind() != RawJson.Kind.NUMBER) {
      throw Params.invalid(name + ": expected a number");
    }
    if (json.length() > 2 * MOST_DIGITS) {
      throw tooLong(name);
    }
    BigDecimal number;
    try {
      number = new BigDecimal(json.toString());
    } catch (NumberFormatException e) { // an exponent beyond int
      throw tooLong(name);
    }
    long before = (long) number.precision() - number.scale();
    if (number.scale() > MOST_DIGITS || before > MOST_DIGITS) {
      throw tooLong(name);
    }
    return number;
  }

  static RawJson write(BigDecimal number) {
    String text = number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    return RawJson.trusted(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static RuntimeException tooLong(String name) {
    return Params.invalid(name + ": expected at most " + MOST_DIGITS + " digits");
  }
}
