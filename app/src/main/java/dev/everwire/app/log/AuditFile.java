package dev.everwire.app.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that is not for everybody's eyes, and others like it when it grows too long. */
final class AuditFile extends RollingFileAppender<ILoggingEvent> {
  private static final Set<OpenOption> APPENDED =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

  @Override
  public void openFile(String file) throws IOException {
    create(Path.of(file));
    super.openFile(file);
  }

  /**
   * Makes it, for its owner and group only, if it is not there.
   *
   * @throws IOException if it cannot be written to
   */
  static void create(Path file) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] closed =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
            }
            : new FileAttribute<?>[0];
    Files.newByteChannel(file, APPENDED, closed).close();
  }
}
