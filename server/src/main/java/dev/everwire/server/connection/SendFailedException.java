package dev.everwire.server.connection;

/** A message reached none of its targets. */
public final class SendFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Report report;

  public SendFailedException(Report report) {
    super(
        "delivered to none of "
            + report.targets()
            + (report.errors().isEmpty() ? "" : ": " + report.errors().getFirst().reason()));
    this.report = report;
  }

  public Report report() {
    return report;
  }
}
