package dev.everwire.netty.internal.deflate;

import dev.everwire.netty.internal.deflate.ExtensionHeader.Extension;
import dev.everwire.netty.internal.deflate.ExtensionHeader.Parameter;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one permessage-deflate offer or answer (RFC 7692 section 7.1), each valid by
 * itself.
 *
 * @param serverWindowBits 8 to 15, or {@link #ABSENT}
 * @param clientWindowBits 8 to 15, {@link #ABSENT}, or {@link #NO_VALUE}
 */
record Parameters(
    boolean serverForgets, boolean clientForgets, int serverWindowBits, int clientWindowBits) {
  static final String EXTENSION = "permessage-deflate";
  static final String SERVER_FORGETS = "server_no_context_takeover";
  static final String CLIENT_FORGETS = "client_no_context_takeover";
  static final String SERVER_WINDOW = "server_max_window_bits";
  static final String CLIENT_WINDOW = "client_max_window_bits";

  static final int ABSENT = 0;

  /** Only {@code client_max_window_bits} of an offer may come without a value. */
  static final int NO_VALUE = -1;

  private static final int INVALID = -2;

  /**
   * @param offer whether a client says it; its {@code client_max_window_bits} needs no value
   * @return null if a parameter is unknown, comes twice or has a value it must not have
   */
  static @Nullable Parameters of(Extension extension, boolean offer) {
    boolean serverForgets = false;
    boolean clientForgets = false;
    int serverWindow = ABSENT;
    int clientWindow = ABSENT;
    var seen = new HashSet<String>();
    for (Parameter parameter : extension.parameters()) {
      if (!seen.add(parameter.name())) {
        return null;
      }
      String value = parameter.value();
      switch (parameter.name()) {
        case SERVER_FORGETS -> serverForgets = true;
        case CLIENT_FORGETS -> clientForgets = true;
        case SERVER_WINDOW -> serverWindow = windowBits(value, INVALID);
        case CLIENT_WINDOW -> clientWindow = windowBits(value, offer ? NO_VALUE : INVALID);
        default -> {
          return null;
        }
      }
      boolean flag =
          SERVER_FORGETS.equals(parameter.name()) || CLIENT_FORGETS.equals(parameter.name());
      if (flag && value != null) {
        return null;
      }
    }
    return serverWindow == INVALID || clientWindow == INVALID
        ? null
        : new Parameters(serverForgets, clientForgets, serverWindow, clientWindow);
  }

  /** As it stands in the header. */
  String text() {
    var text = new StringBuilder(EXTENSION);
    if (serverForgets) {
      text.append("; ").append(SERVER_FORGETS);
    }
    if (clientForgets) {
      text.append("; ").append(CLIENT_FORGETS);
    }
    if (serverWindowBits != ABSENT) {
      text.append("; ").append(SERVER_WINDOW).append('=').append(serverWindowBits);
    }
    if (clientWindowBits != ABSENT) {
      text.append("; ").append(CLIENT_WINDOW);
    }
    if (clientWindowBits > ABSENT) {
      text.append('=').append(clientWindowBits);
    }
    return text.toString();
  }

  /** A decimal number from 8 to 15 without leading zeros. */
  private static int windowBits(@Nullable String value, int withoutValue) {
    return switch (value) {
      case null -> withoutValue;
      case "8" -> 8;
      case "9" -> 9;
      case "10" -> 10;
      case "11" -> 11;
      case "12" -> 12;
      case "13" -> 13;
      case "14" -> 14;
      case "15" -> 15;
      default -> INVALID;
    };
  }
}
