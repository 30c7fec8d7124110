package dev.everwire.netty.internal.dial;

import dev.everwire.netty.options.ForwardProxy;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong on the way to a server, in one sentence for people. */
final class Failures {
  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");
  private static final Pattern HTTP_STATUS = Pattern.compile("status: (\\d{3})");
  private static final Pattern SOCKS_STATUS = Pattern.compile(", status: ([A-Z_]+)\\(\\d+\\)");
  private static final String UNREADABLE = "999"; // what Netty makes of an answer that is not HTTP
  private static final Set<String> ABOUT_US =
      Set.of(
          "bad_certificate",
          "certificate_unknown",
          "certificate_expired",
          "certificate_revoked",
          "unsupported_certificate",
          "unknown_ca",
          "access_denied");

  private final Target target;
  private final @Nullable ForwardProxy proxy; // null if the way is direct

  Failures(Target target, @Nullable ForwardProxy proxy) {
    this.target = target;
    this.proxy = proxy;
  }

  String describe(Throwable cause) {
    return switch (cause) {
      case ProxyConnectException refused -> proxy == null ? lost() : refusedBy(proxy, refused);
      case UnknownHostException unknown ->
          "host " + (proxy == null ? target.host() : proxy.host()) + " is not known";
      case ConnectException refused ->
          proxy == null
              ? "nothing answers at " + target
              : "proxy " + at(proxy) + " cannot be reached";
      case SSLException broken -> "TLS with " + target + " failed: " + describe(broken);
      case ClosedChannelException closed -> target + " closed the connection before the upgrade";
      case IOException lost -> "connecting to " + target + " failed: " + lost.getMessage();
      default -> lost();
    };
  }

  private String lost() {
    return "connecting to " + target + " failed";
  }

  private String describe(SSLException broken) {
    for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
      String why = reason(cause);
      if (why != null) {
        return why;
      }
    }
    // the check of the name has no exception of its own
    for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "its certificate is not for " + target.host();
      }
    }
    Matcher alert = ALERT.matcher(String.valueOf(broken.getMessage()));
    return alert.find() ? alerted(alert.group(1)) : "the handshake broke off";
  }

  private static @Nullable String reason(Throwable cause) {
    return switch (cause) {
      case NotSslRecordException plain -> "it does not speak TLS";
      case CertificateExpiredException expired -> "its certificate has expired";
      case CertificateNotYetValidException early -> "its certificate is not valid yet";
      case CertPathBuilderException path -> "its certificate is signed by nobody trusted here";
      case CertPathValidatorException invalid when invalid.getReason() == BasicReason.EXPIRED ->
          "its certificate has expired";
      case CertPathValidatorException invalid
          when invalid.getReason() == BasicReason.NOT_YET_VALID ->
          "its certificate is not valid yet";
      case CertPathValidatorException invalid -> "its certificate is not trusted here";
      default -> null;
    };
  }

  private static String alerted(String alert) {
    if (alert.equals("certificate_required")) {
      return "it wants a certificate of ours";
    }
    if (ABOUT_US.contains(alert)) {
      return "it does not accept our certificate (" + alert.replace('_', ' ') + ")";
    }
    return "it refused with " + alert.replace('_', ' ');
  }

  private static String refusedBy(ForwardProxy proxy, ProxyConnectException refused) {
    String message = String.valueOf(refused.getMessage());
    String name = "proxy " + at(proxy);
    if (message.endsWith("disconnected")) {
      return name + " closed the connection";
    }
    if (proxy.kind() == ForwardProxy.Kind.HTTP) {
      Matcher status = HTTP_STATUS.matcher(message);
      return status.find() && !status.group(1).equals(UNREADABLE)
          ? name + " refused: " + HttpResponseStatus.valueOf(Integer.parseInt(status.group(1)))
          : name + " did not answer with HTTP";
    }
    if (message.contains("authMethod")) {
      return name // Netty tells these apart from an answer in another protocol as little as we can
          + (proxy.user() == null ? " wants a user name and a password" : " takes no password")
          + ", or does not speak SOCKS5";
    }
    if (message.contains("authStatus")) {
      return name + " refused: wrong user name or password";
    }
    Matcher status = SOCKS_STATUS.matcher(message);
    return status.find()
        ? name + " refused: " + status.group(1).toLowerCase(Locale.ROOT).replace('_', ' ')
        : name + " did not answer with SOCKS5";
  }

  private static String at(ForwardProxy proxy) {
    return proxy.host() + ":" + proxy.port();
  }
}
