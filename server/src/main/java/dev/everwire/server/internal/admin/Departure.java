package dev.everwire.server.internal.admin;

import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.drain.DrainReport;
import java.util.concurrent.CompletableFuture;

/** How the server goes away. Safe from any thread. */
public interface Departure {

  /** As it was configured. */
  DrainPlan plan();

  /** Connections that are open. */
  int connections();

  /**
   * Begins; does nothing if it has begun already.
   *
   * @return the report, completed on a worker
   */
  CompletableFuture<DrainReport> begin(DrainPlan plan);
}
