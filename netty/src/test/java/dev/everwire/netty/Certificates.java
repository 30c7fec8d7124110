package dev.everwire.netty;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;

/** An authority made for one test, and what it signs, as files. */
public final class Certificates {
  public static final String PASSWORD = "correct horse";

  private final Path folder;
  private final X509Bundle root;

  public Certificates(Path folder) throws Exception {
    this.folder = folder;
    this.root =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=Test authority")
            .setIsCertificateAuthority(true)
            .notAfter(Instant.now().plus(Duration.ofDays(3650)))
            .buildSelfSigned();
  }

  /** A key with its chain. */
  public record Issued(Path chain, Path key, X509Bundle bundle) {}

  /** The authority's own certificate. */
  public Path authority() throws IOException {
    return write("authority.pem", root.getCertificatePEM());
  }

  /** For localhost and 127.0.0.1, good for 90 days. */
  public Issued server(String name) throws Exception {
    Instant now = Instant.now();
    return server(name, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(90)));
  }

  public Issued server(String name, Instant from, Instant until) throws Exception {
    return issued(
        name,
        new CertificateBuilder()
            .ecp256()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .addSanIpAddress("127.0.0.1")
            .notBefore(from)
            .notAfter(until));
  }

  public Issued serverNamed(String dns) throws Exception {
    return issued(dns, new CertificateBuilder().ecp256().subject("CN=" + dns).addSanDnsName(dns));
  }

  /** As {@link #server(String)}, with a key of the other kind. */
  public Issued rsaServer(String name) throws Exception {
    return issued(
        name,
        new CertificateBuilder()
            .rsa2048()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .addSanIpAddress("127.0.0.1"));
  }

  public Issued client(String name) throws Exception {
    return issued(name, new CertificateBuilder().rsa2048().subject("CN=" + name));
  }

  public Path pkcs12(Issued issued, String name) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own",
        issued.bundle().getKeyPair().getPrivate(),
        PASSWORD.toCharArray(),
        issued.bundle().getCertificatePath());
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  /** Puts the newer in the older's place, in one step each. */
  public void replace(Issued older, Issued newer) throws IOException {
    write(older.key().getFileName().toString(), Files.readString(newer.key()));
    write(older.chain().getFileName().toString(), Files.readString(newer.chain()));
  }

  /** In one step: nobody sees half of it. */
  public Path write(String name, String text) throws IOException {
    Path next = Files.writeString(folder.resolve(name + ".next"), text);
    return Files.move(
        next,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Issued issued(String name, CertificateBuilder builder) throws Exception {
    X509Bundle bundle = builder.buildIssuedBy(root);
    return new Issued(
        write(name + ".pem", bundle.getCertificatePathPEM()),
        write(name + ".key", bundle.getPrivateKeyPEM()),
        bundle);
  }
}
