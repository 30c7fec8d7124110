package dev.everwire.server.internal.live;

import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.internal.gate.Origins;
import dev.everwire.server.internal.limit.Admissions;
import dev.everwire.server.internal.limit.InboundGuards;
import dev.everwire.server.internal.registry.Reception;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.live.Live;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** The settings of now, and those who must hear when one changes. Safe from any thread. */
public final class LiveSettings implements Live {
  private final Admissions admissions;
  private final InboundGuards guards;
  private final Registry registry;
  private final Reception reception;

  /** One change at a time; those who ask do not wait for it. */
  private final ReentrantLock changing = new ReentrantLock();

  // written under the lock, read by every loop
  private volatile Origins origins;
  private volatile DrainPlan drain;

  public LiveSettings(
      Origins origins,
      DrainPlan drain,
      Admissions admissions,
      InboundGuards guards,
      Registry registry,
      Reception reception) {
    this.origins = origins;
    this.drain = drain;
    this.admissions = admissions;
    this.guards = guards;
    this.registry = registry;
    this.reception = reception;
  }

  /** What a request is judged by. */
  public Origins gate() {
    return origins;
  }

  @Override
  public List<String> origins() {
    return origins.allowed();
  }

  @Override
  public void origins(List<String> allowed) {
    changing.lock();
    try {
      origins = origins.with(allowed);
    } finally {
      changing.unlock();
    }
  }

  @Override
  public ConnectionLimits connectionLimits() {
    return admissions.limits();
  }

  @Override
  public void connectionLimits(ConnectionLimits limits) {
    changing.lock();
    try {
      if (admissions.change(limits)) {
        // whoever comes later is counted as it comes
        registry.forEach(entry -> entry.onLoop(() -> reception.recount(entry)));
      }
    } finally {
      changing.unlock();
    }
  }

  @Override
  public InboundRates inboundRates() {
    return guards.rates();
  }

  @Override
  public void inboundRates(InboundRates rates) {
    changing.lock();
    try {
      if (guards.change(rates)) {
        registry.forEach(entry ->
            entry.onLoop(() -> {
              var connection = entry.connection();
              if (connection != null && !entry.ended()) {
                connection.admitting(guards.meter(entry, connection::user));
              }
            }));
      }
    } finally {
      changing.unlock();
    }
  }

  @Override
  public DrainPlan drain() {
    return drain;
  }

  @Override
  public void drain(DrainPlan plan) {
    drain = Objects.requireNonNull(plan);
  }
}
