package dev.everwire.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Reads and writes the files of secrets and keys. What goes wrong names the file. */
final class TokenFiles {
  private static final int MOST_BYTES = 64 * 1024;
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private TokenFiles() {}

  static String read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return text(in, file.toString());
    } catch (NoSuchFileException e) {
      throw new CommandException(ExitStatus.USAGE, file + " does not exist");
    } catch (IOException e) {
      throw new CommandException(ExitStatus.USAGE, file + " cannot be read: " + e.getMessage());
    }
  }

  /** All that there is, at most 64 KiB. */
  static String text(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new CommandException(ExitStatus.USAGE, name + " is longer than 64 KiB");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Makes a file that only its owner can read; never writes over one. */
  static void writePrivate(Path file, String content) {
    write(file, content, posix() ? new FileAttribute<?>[] {PRIVATE} : new FileAttribute<?>[0]);
  }

  static void writePublic(Path file, String content) {
    write(file, content);
  }

  /** Whether others than its owner can read a file. */
  static boolean readableByOthers(Path file) {
    if (!posix()) {
      return false;
    }
    try {
      Set<PosixFilePermission> all = Files.getPosixFilePermissions(file);
      return all.contains(PosixFilePermission.GROUP_READ)
          || all.contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException e) {
      return false; // it will be said where it is read
    }
  }

  private static void write(Path file, String content, FileAttribute<?>... attributes) {
    try (SeekableByteChannel out =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (FileAlreadyExistsException e) {
      throw new CommandException(ExitStatus.USAGE, file + " exists (expected: a new file)");
    } catch (IOException e) {
      throw new CommandException(ExitStatus.USAGE, file + " cannot be written: " + e.getMessage());
    }
  }

  private static boolean posix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
