package dev.everwire.netty.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an identity is kept. Reading it blocks. */
sealed interface IdentityFiles {
  List<Path> files();

  /**
   * @throws IOException with one sentence that names the file and what is wrong with it
   */
  Identity read() throws IOException;

  /** Two PEM files; the password is the key's, if it has one. */
  record Pem(Path chain, Path key, @Nullable String password) implements IdentityFiles {
    @Override
    public List<Path> files() {
      return List.of(chain, key);
    }

    @Override
    public Identity read() throws IOException {
      return new Identity(PemFiles.key(key, password), PemFiles.certificates(chain))
          .checked(chain + ", " + key);
    }

    @Override
    public String toString() {
      return chain + ", " + key;
    }
  }

  /** One PKCS#12 file with one private key. */
  record Pkcs12(Path store, String password) implements IdentityFiles {
    @Override
    public List<Path> files() {
      return List.of(store);
    }

    @Override
    public Identity read() throws IOException {
      byte[] bytes = PemFiles.bytes(store);
      try {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        loaded.load(new ByteArrayInputStream(bytes), password.toCharArray());
        for (String alias : Collections.list(loaded.aliases())) {
          if (loaded.getKey(alias, password.toCharArray()) instanceof PrivateKey key) {
            return new Identity(key, x509(loaded.getCertificateChain(alias)))
                .checked(store.toString());
          }
        }
      } catch (IOException e) {
        throw new IOException(store + " cannot be opened with this password", e);
      } catch (GeneralSecurityException e) {
        throw new IOException(store + " is not a usable PKCS#12 file", e);
      }
      throw new IOException(store + " has no private key");
    }

    private List<X509Certificate> x509(Certificate @Nullable [] chain) throws IOException {
      List<X509Certificate> found = new ArrayList<>();
      if (chain != null) {
        for (Certificate certificate : chain) {
          if (certificate instanceof X509Certificate x509) {
            found.add(x509);
          }
        }
      }
      if (found.isEmpty()) {
        throw new IOException(store + " has no certificate");
      }
      return found;
    }

    @Override
    public String toString() {
      return store.toString();
    }
  }
}
