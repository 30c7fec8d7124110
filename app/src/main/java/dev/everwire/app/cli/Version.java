package dev.everwire.app.cli;

import picocli.CommandLine.IVersionProvider;

/** What this program is, from its jar's manifest. */
final class Version implements IVersionProvider {
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }

  static String line() {
    return "everwire " + number() + " (Java " + Runtime.version() + ")";
  }
}
