package dev.everwire.netty;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix domain socket. It is bound in a directory that only this user may enter and
 * moved to its place when its permissions are set, so nobody connects who must not, and a file that
 * a dead process left is replaced in one step.
 */
final class SocketFile {
  private static final Logger LOG = System.getLogger(SocketFile.class.getName());
  private static final int MAX_PATH_BYTES = // of sockaddr_un.sun_path, less the NUL at its end
      System.getProperty("os.name").startsWith("Linux") ? 107 : 103;

  private static final int FILE_TYPE = 0xF000; // of stat's st_mode
  private static final int SOCKET = 0xC000;

  private final Path path;
  private final Path entrance;
  private @Nullable Object key; // of our file, once it is in its place

  private SocketFile(Path path, Path entrance) {
    this.path = path;
    this.entrance = entrance;
  }

  /**
   * @throws IOException if the path cannot be had, with one sentence that says why
   */
  static SocketFile claim(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException("the directory of " + absolute + " does not exist");
    }
    String name = ".ew" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 20), 36);
    Path entrance = parent.resolve(name);
    int bytes = Math.max(length(absolute), length(entrance.resolve("s")));
    if (bytes > MAX_PATH_BYTES) {
      throw new IOException(
          "the path of a Unix socket is too long: "
              + absolute
              + " (expected: at most "
              + MAX_PATH_BYTES
              + " bytes, and 10 less for its directory)");
    }
    requireFree(absolute);
    if (posix(parent)) {
      Files.createDirectory(
          entrance,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(entrance);
    }
    return new SocketFile(absolute, entrance);
  }

  /** Where to bind. */
  Path bindAt() {
    return entrance.resolve("s");
  }

  /** The socket is bound: opens the way to it. */
  void publish(Set<PosixFilePermission> permissions) throws IOException {
    if (posix(entrance)) {
      Files.setPosixFilePermissions(bindAt(), permissions);
    }
    key = identity(bindAt());
    Files.move(bindAt(), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.delete(entrance);
  }

  /** Removes what is left of it, unless somebody else has taken the place. Idempotent. */
  void remove() {
    try {
      Files.deleteIfExists(bindAt());
      Files.deleteIfExists(entrance);
      Object ours = key;
      if (ours != null && ours.equals(identity(path))) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      // somebody tidied up
    } catch (IOException e) {
      LOG.log(Level.WARNING, "socket file not removed path=" + path + " why=" + e);
    }
  }

  @Override
  public String toString() {
    return "unix:" + path;
  }

  private static void requireFree(Path path) throws IOException {
    BasicFileAttributes there;
    try {
      there = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!there.isOther() || !socket(path)) {
      throw new IOException(path + " exists and is not a socket");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException e) {
      return; // nobody listens: what is left of a dead process
    } catch (IOException e) { // another user's, or its queue is full
      throw new IOException(path + " is already in use, or its owner is somebody else", e);
    }
    throw new IOException(path + " is already in use");
  }

  private static boolean socket(Path path) throws IOException {
    if (!posix(path)) {
      return true; // as far as can be told
    }
    Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return mode instanceof Integer bits && (bits & FILE_TYPE) == SOCKET;
  }

  private static Object identity(Path file) throws IOException {
    Object key =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    return key == null ? file : key;
  }

  private static boolean posix(Path file) {
    return Files.getFileAttributeView(file, PosixFileAttributeView.class) != null;
  }

  private static int length(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
