package dev.everwire.auth;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/** Key pairs with names, as issuers have them. */
record KeyPairs(String id, KeyPair pair) {

  static KeyPairs named(String id) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(Curve.P_256.toECParameterSpec());
      return new KeyPairs(id, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  TokenIssuer issuer() {
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    return TokenIssuer.pem(pem, SigningAlgorithm.ES256).withKeyId(id);
  }

  String token() {
    return issuer().issue(Tokens.claims().expiresAt(Tokens.NOW.plusSeconds(10_000_000)).build());
  }

  String jwk() {
    return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
        .keyID(id)
        .build()
        .toJSONString();
  }

  static String set(KeyPairs... keys) {
    return Arrays.stream(keys)
        .map(KeyPairs::jwk)
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  static byte[] bytes(KeyPairs... keys) {
    return set(keys).getBytes(StandardCharsets.UTF_8);
  }
}
