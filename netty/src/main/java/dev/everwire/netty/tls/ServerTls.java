package dev.everwire.netty.tls;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Keys and certificates of a server: TLS 1.2 and 1.3, ALPN {@code http/1.1}. Safe from any thread.
 *
 * <p>While a listener uses it the files are looked at every 10 s. Changed ones are read and used
 * for handshakes from then on; open connections go on. If they cannot be used, the log says why,
 * once, and the old ones stay. The log also warns before the certificate ends: at the start, after
 * a change and once a day.
 *
 * <p>The methods that choose give a new object, which knows nothing of a listener of this one.
 */
public final class ServerTls {
  private static final Logger LOG = System.getLogger(ServerTls.class.getName());

  /** Whether clients have to show who they are. */
  enum ClientCertificates {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  private final IdentityFiles identity;
  private final ClientCertificates wanted;
  private final @Nullable Path authorities;
  private final Duration checkEvery;
  private final Duration warnBefore;
  private final InstantSource clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stop = lock.newCondition();
  private final Expiry expiry; // guarded by lock
  private int users; // guarded by lock
  private long generation; // guarded by lock
  private List<KeyedContext.Stamp> seen = List.of(); // guarded by lock; good or not
  private volatile @Nullable KeyedContext current; // written under lock, read by handshakes

  private ServerTls(
      IdentityFiles identity,
      ClientCertificates wanted,
      @Nullable Path authorities,
      Duration checkEvery,
      Duration warnBefore,
      InstantSource clock) {
    this.identity = identity;
    this.wanted = wanted;
    this.authorities = authorities;
    this.checkEvery = checkEvery;
    this.warnBefore = warnBefore;
    this.clock = clock;
    this.expiry = new Expiry(warnBefore);
  }

  /**
   * @param certificateChain the server's certificate first, then those that signed it, without the
   *     root
   * @param key PKCS#8 ({@code BEGIN PRIVATE KEY}), not encrypted
   */
  public static ServerTls pem(Path certificateChain, Path key) {
    return of(new IdentityFiles.Pem(certificateChain, key, null));
  }

  /** With a key in encrypted PKCS#8 ({@code BEGIN ENCRYPTED PRIVATE KEY}). */
  public static ServerTls pem(Path certificateChain, Path key, String password) {
    return of(new IdentityFiles.Pem(certificateChain, key, password));
  }

  /** The only private key in the store, with its certificates. */
  public static ServerTls pkcs12(Path store, String password) {
    return of(new IdentityFiles.Pkcs12(store, password));
  }

  private static ServerTls of(IdentityFiles identity) {
    return new ServerTls(
        identity,
        ClientCertificates.NONE,
        null,
        Duration.ofSeconds(10),
        Duration.ofDays(30),
        InstantSource.system());
  }

  /**
   * Refuses clients without a certificate that one of these authorities signed (mutual TLS).
   *
   * @param authoritiesPem whom to trust, and nobody else
   */
  public ServerTls requireClientCertificates(Path authoritiesPem) {
    return new ServerTls(
        identity, ClientCertificates.REQUIRED, authoritiesPem, checkEvery, warnBefore, clock);
  }

  /** Asks clients for a certificate and lets those in that have none; a bad one is refused. */
  public ServerTls acceptClientCertificates(Path authoritiesPem) {
    return new ServerTls(
        identity, ClientCertificates.OPTIONAL, authoritiesPem, checkEvery, warnBefore, clock);
  }

  /** How often the files are looked at; 10 s unless said. */
  public ServerTls checkEvery(Duration period) {
    requirePositive("checkEvery", period);
    return new ServerTls(identity, wanted, authorities, period, warnBefore, clock);
  }

  /** How long before the certificate's end the log begins to warn; 30 days unless said. */
  public ServerTls warnBeforeExpiry(Duration time) {
    requirePositive("warnBeforeExpiry", time);
    return new ServerTls(identity, wanted, authorities, checkEvery, time, clock);
  }

  /** For tests that move time. */
  ServerTls clock(InstantSource manual) {
    return new ServerTls(identity, wanted, authorities, checkEvery, warnBefore, manual);
  }

  /**
   * Reads the files now, changed or not. Blocks.
   *
   * @throws IOException if they cannot be used, with one sentence that says why; what was used
   *     before stays
   */
  public void reload() throws IOException {
    lock.lock();
    try {
      use(KeyedContext.read(identity, authorities));
    } finally {
      lock.unlock();
    }
  }

  /**
   * For listeners: reads the files, and keeps an eye on them until what it returns is closed.
   * Blocks.
   *
   * @throws IOException if they cannot be used, with one sentence that says why
   */
  public Closeable watch() throws IOException {
    lock.lock();
    try {
      if (users == 0) {
        use(KeyedContext.read(identity, authorities));
        long mine = ++generation;
        Thread.ofVirtual().name("everwire-tls").start(() -> watchFiles(mine));
      }
      users++;
    } finally {
      lock.unlock();
    }
    var closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        leave();
      }
    };
  }

  /**
   * For listeners: the server's side of one connection, with the certificate of now.
   *
   * @throws IllegalStateException if the files were never read
   */
  public SSLEngine newEngine() {
    KeyedContext now = current;
    if (now == null) {
      throw new IllegalStateException("certificates were not read (expected: watch() before)");
    }
    return Engines.server(now.context(), wanted);
  }

  /** The files, never a password. */
  @Override
  public String toString() {
    return "ServerTls[" + identity + "]";
  }

  /** One look at the files and at the clock. Blocks. */
  void check() {
    lock.lock();
    try {
      List<KeyedContext.Stamp> found =
          KeyedContext.Stamp.of(KeyedContext.files(identity, authorities));
      if (!found.equals(seen)) {
        seen = found;
        try {
          use(KeyedContext.read(identity, authorities));
          LOG.log(Level.INFO, "certificate reloaded files=" + identity);
        } catch (IOException | RuntimeException e) { // of what a provider makes of half a file
          LOG.log(
              Level.WARNING, "certificate not reloaded, the old one stays why=" + e.getMessage());
        }
      }
      remind();
    } finally {
      lock.unlock();
    }
  }

  private void use(KeyedContext read) {
    current = read;
    seen = read.made();
    expiry.renewed();
    remind();
  }

  private void remind() {
    KeyedContext now = current;
    if (now != null) {
      Instant time = clock.instant();
      Expiry.Notice notice = expiry.due(now.chain(), time);
      if (notice != null) {
        LOG.log(notice.level(), notice.text() + " files=" + identity);
      }
    }
  }

  /** On a virtual thread, until its last user left; later ones have a thread of their own. */
  private void watchFiles(long mine) {
    lock.lock();
    try {
      while (users > 0 && generation == mine) {
        boolean told = stop.await(checkEvery.toNanos(), TimeUnit.NANOSECONDS);
        if (!told && users > 0 && generation == mine) {
          check();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      users--;
      if (users == 0) {
        stop.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
