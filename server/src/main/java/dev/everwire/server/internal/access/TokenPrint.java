package dev.everwire.server.internal.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Recognises a token that was seen before, without keeping it. Immutable. */
public final class TokenPrint {
  private static final int BYTES = 16; // enough that nobody finds a second token with the same

  private final byte[] hash;

  private TokenPrint(byte[] hash) {
    this.hash = hash;
  }

  public static @Nullable TokenPrint of(@Nullable String token) {
    if (token == null) {
      return null;
    }
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return new TokenPrint(Arrays.copyOf(whole, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Whether both are of the same token; false if one is of none. */
  public static boolean same(@Nullable TokenPrint one, @Nullable TokenPrint other) {
    return one != null && one.equals(other);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenPrint print && MessageDigest.isEqual(hash, print.hash);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hash);
  }
}
