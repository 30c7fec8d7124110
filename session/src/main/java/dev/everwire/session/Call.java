package dev.everwire.session;

/** One inbound call or notification, as its handler sees it. Immutable; safe from any thread. */
public final class Call {
  private final String method;
  private final Params params;
  private final Caller caller;

  public Call(String method, Params params, Caller caller) {
    this.method = method;
    this.params = params;
    this.caller = caller;
  }

  public String method() {
    return method;
  }

  public Params params() {
    return params;
  }

  public Caller caller() {
    return caller;
  }
}
