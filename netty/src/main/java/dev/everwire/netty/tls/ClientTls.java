package dev.everwire.netty.tls;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client trusts and who it is: TLS 1.2 and 1.3, ALPN {@code http/1.1}. The server's
 * certificate has to be for the host that was dialled. Safe from any thread.
 *
 * <p>Files that changed are read again with the next dial. If they cannot be used, the log says
 * why, once, and the old ones stay.
 */
public final class ClientTls {
  private static final Logger LOG = System.getLogger(ClientTls.class.getName());

  private final @Nullable IdentityFiles identity;
  private final @Nullable Path authorities;

  private final ReentrantLock lock = new ReentrantLock();
  private List<KeyedContext.Stamp> seen = List.of(); // guarded by lock; good or not
  private @Nullable KeyedContext current; // guarded by lock

  private ClientTls(@Nullable IdentityFiles identity, @Nullable Path authorities) {
    this.identity = identity;
    this.authorities = authorities;
  }

  /** Trusts the authorities that the JDK trusts. */
  public static ClientTls systemTrust() {
    return new ClientTls(null, null);
  }

  /** Trusts these authorities, or these very certificates, and nobody else. */
  public static ClientTls trusting(Path authoritiesPem) {
    return new ClientTls(null, authoritiesPem);
  }

  /**
   * Shows a certificate to servers that ask for one (mutual TLS).
   *
   * @param key PKCS#8 ({@code BEGIN PRIVATE KEY}), not encrypted
   */
  public ClientTls identity(Path certificateChain, Path key) {
    return new ClientTls(new IdentityFiles.Pem(certificateChain, key, null), authorities);
  }

  /** As {@link #identity(Path, Path)}, from a PKCS#12 file with one private key. */
  public ClientTls identity(Path pkcs12, String password) {
    return new ClientTls(new IdentityFiles.Pkcs12(pkcs12, password), authorities);
  }

  /**
   * For dialers: the context of the files as they are now. Blocks.
   *
   * @throws IOException if they never could be used, with one sentence that says why
   */
  public SSLContext context() throws IOException {
    lock.lock();
    try {
      List<KeyedContext.Stamp> found =
          KeyedContext.Stamp.of(KeyedContext.files(identity, authorities));
      KeyedContext old = current;
      if (old != null && found.equals(seen)) {
        return old.context();
      }
      try {
        KeyedContext read = KeyedContext.read(identity, authorities);
        current = read;
        seen = read.made();
        return read.context();
      } catch (IOException e) {
        if (old == null) {
          throw e;
        }
        seen = found;
        LOG.log(Level.WARNING, "certificates not reloaded, the old stay why=" + e.getMessage());
        return old.context();
      }
    } finally {
      lock.unlock();
    }
  }

  /** For dialers: the client's side of one connection. */
  public static SSLEngine newEngine(SSLContext context, String host, int port) {
    return Engines.client(context, host, port);
  }

  /** The files, never a password. */
  @Override
  public String toString() {
    return "ClientTls[identity=" + identity + ", authorities=" + authorities + "]";
  }
}
