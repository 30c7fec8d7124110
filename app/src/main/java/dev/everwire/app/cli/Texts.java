package dev.everwire.app.cli;

/** Help that several commands share. */
final class Texts {
  static final String URL =
      "ws://HOST:PORT/PATH or wss://…; http(s):// is taken as ws(s)://, and a missing path is /ws.";
  static final String PARAMS = "JSON array or object; none if left out.";
  static final String TOPIC = "Name of the topic.";
  static final String CONFIG =
      "Configuration in YAML (default: the file that EVERWIRE_CONFIG names, if it names one).";
  static final String JSON_OUTPUT = "Prints JSON, for scripts.";

  private Texts() {}
}
