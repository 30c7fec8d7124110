package dev.everwire.netty.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A TLS context made of files, as they were when it was made. A fresh context knows no sessions of
 * an older one, so what was valid under old trust is not resumed under new.
 *
 * @param chain our own certificates, none for somebody who shows none
 * @param made what the files looked like
 */
record KeyedContext(SSLContext context, List<X509Certificate> chain, List<Stamp> made) {
  private static final char[] IN_MEMORY = {}; // the store never leaves it

  /** What tells one state of a file from the next. */
  record Stamp(@Nullable Path real, long modified, long size) {
    static List<Stamp> of(List<Path> files) {
      List<Stamp> stamps = new ArrayList<>(files.size());
      for (Path file : files) {
        stamps.add(of(file));
      }
      return List.copyOf(stamps);
    }

    private static Stamp of(Path file) {
      try {
        Path real = file.toRealPath(); // secrets are often swapped behind a link
        return new Stamp(
            real, Files.getLastModifiedTime(real).to(TimeUnit.NANOSECONDS), Files.size(real));
      } catch (IOException e) {
        return new Stamp(null, 0, 0);
      }
    }
  }

  static List<Path> files(@Nullable IdentityFiles identity, @Nullable Path authorities) {
    List<Path> files = new ArrayList<>();
    if (identity != null) {
      files.addAll(identity.files());
    }
    if (authorities != null) {
      files.add(authorities);
    }
    return files;
  }

  /**
   * @param authorities whom to trust, in PEM; the JDK's own if null
   * @throws IOException if a file cannot be used, with one sentence that says why
   */
  static KeyedContext read(@Nullable IdentityFiles identity, @Nullable Path authorities)
      throws IOException {
    List<Stamp> before = Stamp.of(files(identity, authorities)); // a change while reading is seen
    Identity own = identity == null ? null : identity.read();
    List<X509Certificate> trusted =
        authorities == null ? List.of() : PemFiles.certificates(authorities);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          own == null ? null : keys(own), authorities == null ? null : trust(trusted), null);
      return new KeyedContext(context, own == null ? List.of() : own.chain(), before);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up with these certificates", e);
    }
  }

  private static KeyManager[] keys(Identity own) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", own.key(), IN_MEMORY, own.chain().toArray(new X509Certificate[0]));
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, IN_MEMORY);
    KeyManager[] managers = factory.getKeyManagers();
    for (int i = 0; i < managers.length; i++) {
      if (managers[i] instanceof X509ExtendedKeyManager manager) {
        managers[i] = new OneHandshake(manager);
      }
    }
    return managers;
  }

  private static TrustManager[] trust(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    var factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory.getTrustManagers();
  }
}
