package dev.everwire.client.link;

/**
 * Says who the client is: asked before every dial, and before a token that was told to expire does.
 * Called on a worker and may block. What takes longer than the settings' {@code authTimeout} counts
 * as failed and is interrupted, and so does what throws: the client tries again as its reconnect
 * policy says. While a living connection renews its token and another one is dialled, it is asked
 * by two workers at once.
 */
@FunctionalInterface
public interface TokenSupplier {

  /**
   * @param renew the token given last was refused or expires: a remembered one is of no use
   * @return not empty, at most 64 Ki characters; in a header, visible ASCII characters only
   */
  String token(boolean renew) throws Exception;

  /** Always the same; a server that refuses it is not asked again. */
  static TokenSupplier fixed(String token) {
    return new FixedToken(token);
  }

  /** Whether this is one made by {@link #fixed}. */
  static boolean isFixed(TokenSupplier supplier) {
    return supplier instanceof FixedToken;
  }
}
