package dev.everwire.it.docs;

import dev.everwire.Everwire;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.admin.Operations;
import dev.everwire.server.drain.DrainReport;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** What docs/operations/administration.md shows. */
final class AdministrationExamples {
  private AdministrationExamples() {}

  // docs:operations
  static ServerBuilder administered(CountDownLatch gone, Consumer<AuditEvent> auditLog) {
    return Everwire.server(0)
        .administration(caller -> caller.roles().contains("operator"))
        .audit(auditLog)
        .operations(
            new Operations() {
              @Override
              public void drained(DrainReport report) { // close() may follow, on another thread
                gone.countDown();
              }
            });
  }

  // docs:end
}
