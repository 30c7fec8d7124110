package dev.everwire.client.link;

import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.transport.TransportLimits;
import java.time.Duration;

/**
 * The times and bounds of a client, whatever it speaks. Immutable; made by {@link #builder}, and
 * each value is checked where it is set.
 */
public final class ClientSettings {
  /** Comes back after up to 1 s, 2 s, 4 s … 60 s, for ever. */
  public static final ClientSettings DEFAULT = builder().build();

  private final Builder values;

  private ClientSettings(Builder values) {
    this.values = values;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** For a service that must be back at once: up to 100 ms, 200 ms … 5 s; dead links in 8 s. */
  public static ClientSettings aggressive() {
    return builder()
        .reconnect(ReconnectPolicy.exponential(Duration.ofMillis(100), Duration.ofSeconds(5)))
        .dialTimeout(Duration.ofSeconds(3))
        .heartbeat(new Heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(3)))
        .requestTimeout(Duration.ofSeconds(10))
        .build();
  }

  /** For many clients of a small service: up to 5 s, 10 s … 5 min; three pings may be lost. */
  public static ClientSettings conservative() {
    return builder()
        .reconnect(ReconnectPolicy.exponential(Duration.ofSeconds(5), Duration.ofMinutes(5)))
        .dialTimeout(Duration.ofSeconds(30))
        .heartbeat(new Heartbeat(Duration.ofSeconds(50), Duration.ofSeconds(20), 3))
        .requestTimeout(Duration.ofMinutes(1))
        .build();
  }

  /**
   * For those who come from clients that know it so: 1 s, 2 s, 4 s … 60 s with a tenth left to
   * chance; a ping after 30 s of silence, given up after three that were not answered within 10 s
   * each; 64 commands wait for a connection, and 256 events in each subscription.
   */
  public static ClientSettings compatible() {
    return builder()
        .reconnect(
            ReconnectPolicy.exponential(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.1))
        .dialTimeout(Duration.ofSeconds(10))
        .heartbeat(new Heartbeat(Duration.ofSeconds(30), Duration.ofSeconds(10), 3))
        .requestTimeout(Duration.ofSeconds(30))
        .whileAway(WhileAway.queue(64, 1024 * 1024, Duration.ofSeconds(30)))
        .subscriptionBuffer(256, 16L * 1024 * 1024)
        .eventBuffer(256)
        .build();
  }

  /** For tests: up to 10 ms … 100 ms, and nothing takes longer than 2 s. */
  public static ClientSettings testing() {
    return builder()
        .reconnect(ReconnectPolicy.exponential(Duration.ofMillis(10), Duration.ofMillis(100)))
        .stableAfter(Duration.ofSeconds(1))
        .dialTimeout(Duration.ofSeconds(2))
        .authTimeout(Duration.ofSeconds(2))
        .heartbeat(new Heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .requestTimeout(Duration.ofSeconds(2))
        .confirmWithin(Duration.ofSeconds(2))
        .build();
  }

  /** A builder that begins with these values. */
  public Builder toBuilder() {
    return new Builder(values);
  }

  public ReconnectPolicy reconnect() {
    return values.reconnect;
  }

  public Duration stableAfter() {
    return values.stableAfter;
  }

  public Duration dialTimeout() {
    return values.dialTimeout;
  }

  public Duration authTimeout() {
    return values.authTimeout;
  }

  public int authRetries() {
    return values.authRetries;
  }

  public Heartbeat heartbeat() {
    return values.heartbeat;
  }

  public Duration requestTimeout() {
    return values.requestTimeout;
  }

  public Duration confirmWithin() {
    return values.confirmWithin;
  }

  public int restoreBatch() {
    return values.restoreBatch;
  }

  public WhileAway whileAway() {
    return values.whileAway;
  }

  public int subscriptionEvents() {
    return values.subscriptionEvents;
  }

  public long subscriptionBytes() {
    return values.subscriptionBytes;
  }

  public int eventBuffer() {
    return values.eventBuffer;
  }

  public SessionLimits limits() {
    return values.limits;
  }

  public TransportLimits transportLimits() {
    return values.transportLimits;
  }

  /** Takes the values. One thread at a time. */
  public static final class Builder {
    private ReconnectPolicy reconnect =
        ReconnectPolicy.exponential(Duration.ofSeconds(1), Duration.ofSeconds(60));
    private Duration stableAfter = Duration.ofSeconds(30);
    private Duration dialTimeout = Duration.ofSeconds(10);
    private Duration authTimeout = Duration.ofSeconds(10);
    private int authRetries = 3;
    private Heartbeat heartbeat = Heartbeat.DEFAULT;
    private Duration requestTimeout = Duration.ofSeconds(30);
    private Duration confirmWithin = Duration.ofSeconds(10);
    private int restoreBatch = 50;
    private WhileAway whileAway = WhileAway.DEFAULT;
    private int subscriptionEvents = 10_000;
    private long subscriptionBytes = 16L * 1024 * 1024;
    private int eventBuffer = 256;
    private SessionLimits limits = SessionLimits.DEFAULT;
    private TransportLimits transportLimits = TransportLimits.CLIENT;

    private Builder() {}

    private Builder(Builder from) {
      this.reconnect = from.reconnect;
      this.stableAfter = from.stableAfter;
      this.dialTimeout = from.dialTimeout;
      this.authTimeout = from.authTimeout;
      this.authRetries = from.authRetries;
      this.heartbeat = from.heartbeat;
      this.requestTimeout = from.requestTimeout;
      this.confirmWithin = from.confirmWithin;
      this.restoreBatch = from.restoreBatch;
      this.whileAway = from.whileAway;
      this.subscriptionEvents = from.subscriptionEvents;
      this.subscriptionBytes = from.subscriptionBytes;
      this.eventBuffer = from.eventBuffer;
      this.limits = from.limits;
      this.transportLimits = from.transportLimits;
    }

    /** When to dial again. */
    public Builder reconnect(ReconnectPolicy policy) {
      this.reconnect = policy;
      return this;
    }

    /** A connection that was ready for so long clears the record of failures; 30 s. */
    public Builder stableAfter(Duration time) {
      this.stableAfter = Delays.positive("stableAfter", time);
      return this;
    }

    /** For name look-up, connect, TLS and upgrade together; 10 s. */
    public Builder dialTimeout(Duration time) {
      this.dialTimeout = Delays.positive("dialTimeout", time);
      return this;
    }

    /** For the token supplier, and again for the first answer on a connection; 10 s each. */
    public Builder authTimeout(Duration time) {
      this.authTimeout = Delays.positive("authTimeout", time);
      return this;
    }

    /** How often in a row a refusal is answered with another token, 3; 0–100. */
    public Builder authRetries(int times) {
      this.authRetries = checked("authRetries", times, 0, 100);
      return this;
    }

    /**
     * For plain and foreign peers, and until hello is answered; an Everwire server says its own.
     */
    public Builder heartbeat(Heartbeat beat) {
      this.heartbeat = beat;
      return this;
    }

    /** For requests that name no time of their own, queueing included; 30 s. */
    public Builder requestTimeout(Duration time) {
      this.requestTimeout = Delays.positive("requestTimeout", time);
      return this;
    }

    /** How long a subscription may wait for the server's word; 10 s. */
    public Builder confirmWithin(Duration time) {
      this.confirmWithin = Delays.positive("confirmWithin", time);
      return this;
    }

    /** How many topics are subscribed again at once after a reconnect, 50; 1–1000. */
    public Builder restoreBatch(int topics) {
      this.restoreBatch = checked("restoreBatch", topics, 1, 1_000);
      return this;
    }

    /** What becomes of calls and notifications while there is no connection: they wait. */
    public Builder whileAway(WhileAway answer) {
      this.whileAway = answer;
      return this;
    }

    /** How much may wait in each subscription, 10 000 events and 16 MiB. */
    public Builder subscriptionBuffer(int events, long bytes) {
      this.subscriptionEvents = checked("events", events, 1, Integer.MAX_VALUE);
      if (bytes < 1) {
        throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 1)");
      }
      this.subscriptionBytes = bytes;
      return this;
    }

    /** How many {@link ClientEvent.Message}s may wait to be heard, 256. */
    public Builder eventBuffer(int messages) {
      this.eventBuffer = checked("eventBuffer", messages, 1, 1_000_000);
      return this;
    }

    /** Of the conversation, such as the calls that may be pending. */
    public Builder limits(SessionLimits bounds) {
      this.limits = bounds;
      return this;
    }

    /** Of the connection, such as the largest message that is read: 16 MiB. */
    public Builder transportLimits(TransportLimits bounds) {
      this.transportLimits = bounds;
      return this;
    }

    public ClientSettings build() {
      return new ClientSettings(new Builder(this));
    }

    private static int checked(String name, int value, int least, int most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            name + ": " + value + " (expected: " + least + "-" + most + ")");
      }
      return value;
    }
  }
}
