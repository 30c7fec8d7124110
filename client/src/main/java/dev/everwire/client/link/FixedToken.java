package dev.everwire.client.link;

/** One token and no other. */
record FixedToken(String value) implements TokenSupplier {
  @Override
  public String token(boolean renew) {
    return value;
  }

  @Override
  public String toString() {
    return "FixedToken[…]";
  }
}
