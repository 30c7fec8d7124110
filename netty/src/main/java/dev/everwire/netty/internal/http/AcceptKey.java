package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.util.concurrent.FastThreadLocal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What a server answers to a client's key, to show that it speaks WebSocket (RFC 6455 section
 * 4.2.2).
 */
public final class AcceptKey {
  private static final byte[] GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".getBytes(ISO_8859_1);

  private static final FastThreadLocal<MessageDigest> SHA_1 =
      new FastThreadLocal<>() {
        @Override
        protected MessageDigest initialValue() throws NoSuchAlgorithmException {
          return MessageDigest.getInstance("SHA-1"); // every JDK has it
        }
      };

  private AcceptKey() {}

  public static String of(String key) {
    MessageDigest sha1 = SHA_1.get();
    sha1.update(key.getBytes(ISO_8859_1));
    return Base64.getEncoder().encodeToString(sha1.digest(GUID));
  }
}
