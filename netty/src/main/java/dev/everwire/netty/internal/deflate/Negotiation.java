package dev.everwire.netty.internal.deflate;

import static dev.everwire.netty.internal.deflate.Parameters.ABSENT;
import static dev.everwire.netty.internal.deflate.Parameters.NO_VALUE;

import dev.everwire.netty.internal.deflate.ExtensionHeader.Extension;
import dev.everwire.netty.options.Compression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Agrees on compression during the handshake (RFC 7692 sections 5 and 7.1), for both ends. Decides
 * only; the lines come from and go to the {@code Sec-WebSocket-Extensions} header.
 */
public final class Negotiation {
  private static final int FULL_WINDOW = 15;

  private Negotiation() {}

  /** What a server makes of a client's offers. */
  public sealed interface Answer {}

  /**
   * @param header the value of the answer's {@code Sec-WebSocket-Extensions}
   */
  public record Agreed(DeflateTerms terms, String header) implements Answer {}

  /** Nothing was offered, or nothing this end takes: no header in the answer, no compression. */
  public record Declined() implements Answer {}

  /** The header breaks its grammar: the request is bad (400). */
  public record Malformed() implements Answer {}

  /** What a client makes of a server's answer. */
  public sealed interface Verdict {}

  public record Compressed(DeflateTerms terms) implements Verdict {}

  public record Plain() implements Verdict {}

  /**
   * The server answered what it must not: the handshake fails.
   *
   * @param why a sentence without a full stop, for logs; quotes nothing the server sent
   */
  public record Refused(String why) implements Verdict {}

  /**
   * For a server: takes the first offer that is valid. An offer that is not, and every other
   * extension, is passed over.
   *
   * @param lines of the request's header, in their order; empty if it has none
   * @param ours null if this end does not compress
   */
  public static Answer answer(List<String> lines, @Nullable Compression ours) {
    if (lines.isEmpty()) {
      return new Declined();
    }
    List<Extension> extensions = ExtensionHeader.read(lines);
    if (extensions == null) {
      return new Malformed();
    }
    if (ours != null) {
      for (Extension extension : extensions) {
        if (extension.name().equals(Parameters.EXTENSION)) {
          Parameters offer = Parameters.of(extension, true);
          if (offer != null) {
            return agree(offer, ours);
          }
        }
      }
    }
    return new Declined();
  }

  /** For a client: the value of its request's header. */
  public static String offer(Compression ours) {
    return offered(ours).text();
  }

  /**
   * For a client: what the server's answer means.
   *
   * @param ours what was offered, null if nothing was
   * @param lines of the answer's header, in their order; empty if it has none
   */
  public static Verdict accept(@Nullable Compression ours, List<String> lines) {
    if (lines.isEmpty()) {
      return new Plain();
    }
    List<Extension> extensions = ExtensionHeader.read(lines);
    if (extensions == null) {
      return new Refused("the server's Sec-WebSocket-Extensions is malformed");
    }
    if (extensions.size() > 1) {
      return new Refused("the server answered more than one extension");
    }
    Extension extension = extensions.getFirst();
    if (ours == null || !extension.name().equals(Parameters.EXTENSION)) {
      return new Refused("the server answered an extension that was not offered");
    }
    Parameters answer = Parameters.of(extension, false);
    return answer == null
        ? new Refused("the server answered permessage-deflate with an invalid parameter")
        : settle(offered(ours), answer, ours);
  }

  private static Agreed agree(Parameters offer, Compression ours) {
    boolean weForget = offer.serverForgets() || !ours.sendTakeover();
    boolean theyForget = offer.clientForgets() || !ours.receiveTakeover();
    int ourWindow = ours.sendWindowBits();
    int serverWindow = ABSENT;
    if (offer.serverWindowBits() != ABSENT) {
      ourWindow = Math.min(ourWindow, offer.serverWindowBits());
      serverWindow = ourWindow;
    }
    // A client that did not offer client_max_window_bits cannot be asked for less.
    int theirWindow = FULL_WINDOW;
    int clientWindow = ABSENT;
    if (offer.clientWindowBits() != ABSENT) {
      theirWindow = smaller(ours.receiveWindowBits(), offer.clientWindowBits());
      clientWindow = theirWindow == FULL_WINDOW ? ABSENT : theirWindow;
    }
    var answer = new Parameters(weForget, theyForget, serverWindow, clientWindow);
    return new Agreed(terms(ours, !weForget, !theyForget, ourWindow, theirWindow), answer.text());
  }

  /** Asks for what we want of the server, and says that it may ask for any window of ours. */
  private static Parameters offered(Compression ours) {
    return new Parameters(
        !ours.receiveTakeover(),
        !ours.sendTakeover(),
        ours.receiveWindowBits() == FULL_WINDOW ? ABSENT : ours.receiveWindowBits(),
        ours.sendWindowBits() == FULL_WINDOW ? NO_VALUE : ours.sendWindowBits());
  }

  private static Verdict settle(Parameters offer, Parameters answer, Compression ours) {
    if (offer.serverForgets() && !answer.serverForgets()) {
      return new Refused("the server did not confirm server_no_context_takeover");
    }
    // A server may limit itself unasked; asked, it must, and to no more than it was asked for.
    int theirWindow = answer.serverWindowBits() == ABSENT ? FULL_WINDOW : answer.serverWindowBits();
    if (offer.serverWindowBits() != ABSENT
        && (answer.serverWindowBits() == ABSENT || theirWindow > offer.serverWindowBits())) {
      return new Refused("the server did not confirm server_max_window_bits");
    }
    if (offer.clientWindowBits() != NO_VALUE
        && answer.clientWindowBits() > offer.clientWindowBits()) {
      return new Refused("the server answered a client_max_window_bits above the offered one");
    }
    return new Compressed(
        terms(
            ours,
            ours.sendTakeover() && !answer.clientForgets(),
            ours.receiveTakeover() && !answer.serverForgets(),
            smaller(ours.sendWindowBits(), answer.clientWindowBits()),
            theirWindow));
  }

  private static int smaller(int ours, int theirs) {
    return theirs == ABSENT || theirs == NO_VALUE ? ours : Math.min(ours, theirs);
  }

  private static DeflateTerms terms(
      Compression ours,
      boolean sendTakeover,
      boolean receiveTakeover,
      int sendWindowBits,
      int receiveWindowBits) {
    return new DeflateTerms(
        ours.level(),
        ours.thresholdBytes(),
        sendTakeover,
        receiveTakeover,
        sendWindowBits,
        receiveWindowBits);
  }
}
