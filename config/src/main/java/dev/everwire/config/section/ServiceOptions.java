package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import dev.everwire.config.word.Range;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the server presents itself and its methods. Immutable. */
public record ServiceOptions(
    @Doc("How rpc.discover calls the service.") String title,
    @Doc("Version of the service's methods, for rpc.discover.") String version,
    @Doc("Names this server among others, for logs and clients; none for a short random name.")
        @Form(pattern = "[A-Za-z0-9._:-]{1,64}", expected = "1 to 64 of A-Z a-z 0-9 . _ : -")
        @Nullable String node,
    @Doc("Whether rpc.discover is answered; every peer may ask.") boolean discovery,
    @Doc("Tells callers what a method threw, with its stack trace. For development only.")
        boolean discloseErrors,
    @Doc("A non-blocking method that holds an event loop for longer is named in the log.")
        @Range(min = "1ms", max = "1d")
        Duration blockedAfter,
    @Doc("Adds the methods ping, peer.details, peer.callMeBack and peer.response.")
        boolean utilities,
    @Doc("Adds the utility methods under the names that clients of fastapi_websocket_rpc know.")
        boolean formerUtilities) {
  public static final ServiceOptions DEFAULT =
      new ServiceOptions(
          "Everwire server", "0", null, true, false, Duration.ofMillis(100), false, false);
}
