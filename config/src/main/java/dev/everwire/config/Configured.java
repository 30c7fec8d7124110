package dev.everwire.config;

import dev.everwire.config.internal.catalogue.Reading;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.problem.Findings;
import dev.everwire.config.problem.Place;
import dev.everwire.config.problem.Problem;
import dev.everwire.config.section.AdminOptions;
import dev.everwire.config.section.DialectPathOptions;
import dev.everwire.config.section.LogOptions;
import dev.everwire.config.section.ServiceOptions;
import dev.everwire.config.section.SessionOptions;
import dev.everwire.config.section.TopicOptions;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.live.Live;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.memory.MemoryNonceStore;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.session.Caller;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A configuration and the server that is made of it: says to a builder what is in it, and changes
 * the running server when another one comes. For one server, and closed after that. Safe from any
 * thread.
 *
 * <pre>{@code
 * try (Configured configured = Configured.of(config);
 *     Server server = configured.applyTo(Everwire.server()).start()) {
 *   server.awaitClose();
 * }
 * }</pre>
 */
public final class Configured implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Configured.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Identification> retired = new ArrayList<>(); // guarded by lock
  private final ResumeKeys keys;
  private final MemoryNonceStore nonces;
  private final MemoryBroker broker;
  private Config config; // guarded by lock
  private Identification identification; // guarded by lock
  private Consumer<LogOptions.Level> logging = level -> {}; // guarded by lock
  private volatile boolean ruled; // whether rules say who may administer; asked on event loops

  private Configured(Config config, Identification identification) {
    this.config = config;
    this.identification = identification;
    this.ruled = config.access().rules() != null;
    this.keys = Secrets.ring(config.session());
    this.nonces = new MemoryNonceStore(config.session().resumeTokensRemembered());
    this.broker = new MemoryBroker(new SecureRandom(), config.limits().broker().bounds());
  }

  /**
   * Checks all of it, and reads the files of keys. Blocks.
   *
   * @throws ConfigException if anything is wrong
   */
  public static Configured of(Config config) throws ConfigException {
    check(config);
    return new Configured(config, open(config, null));
  }

  private static void check(Config config) throws ConfigException {
    Findings findings = new Findings();
    Config.CATALOGUE.check(config, Place.preset(config.preset()), new Reading(findings, Map.of()));
    Checks.all(config, new Layers(config, Map.of(), findings));
    findings.check();
  }

  private static Identification open(Config config, @Nullable Identification former)
      throws ConfigException {
    try {
      return Identification.open(config.auth(), former);
    } catch (IOException | IllegalArgumentException e) { // since it was checked
      Place place = Place.preset(config.preset());
      throw new ConfigException(
          List.of(new Problem(place, "auth", String.valueOf(e.getMessage()))));
    }
  }

  /** What holds now. */
  public Config config() {
    lock.lock();
    try {
      return config;
    } finally {
      lock.unlock();
    }
  }

  /** Is told how much is to be logged: by {@link #applyTo}, and when that changes. */
  public Configured onLogLevel(Consumer<LogOptions.Level> told) {
    lock.lock();
    try {
      logging = told;
    } finally {
      lock.unlock();
    }
    return this;
  }

  /**
   * Says to a builder all that is in the configuration. Methods, routes, values and hooks are the
   * caller's; what the caller says afterwards holds.
   */
  public ServerBuilder applyTo(ServerBuilder server) {
    lock.lock();
    try {
      logging.accept(config.log().level());
      server.listen(Reach.listener(config));
      serve(server, config.service());
      converse(server);
      letIn(server);
      config.topics().stream().map(TopicOptions::rule).forEach(server::topic);
      server.broker(broker);
      return server;
    } finally {
      lock.unlock();
    }
  }

  private static void serve(ServerBuilder server, ServiceOptions service) {
    server
        .describe(service.title(), service.version())
        .discovery(service.discovery())
        .discloseErrors(service.discloseErrors())
        .blockedAfter(service.blockedAfter());
    if (service.node() != null) {
      server.node(service.node());
    }
    if (service.utilities()) {
      server.utilities();
    }
    if (service.formerUtilities()) {
      server.formerUtilities();
    }
  }

  private void converse(ServerBuilder server) {
    SessionOptions session = config.session();
    server
        .path(config.listen().path())
        .heartbeat(config.heartbeat().heartbeat())
        .lifetime(config.lifetime().lifetime())
        .resume(session.settings().keys(keys).nonces(nonces))
        .duplicateClient(session.duplicateClient())
        .limits(config.limits().conversation().limits())
        .maxSubscriptions(config.limits().conversation().maxSubscriptions())
        .transportLimits(config.limits().transport().limits(config.limits().outbound()))
        .outboundLimits(config.limits().outbound().limits())
        .memoryLimits(config.limits().memory().limits())
        .connectionLimits(config.limits().connections().limits())
        .inboundRates(config.limits().inbound().rates())
        .drain(config.drain().plan())
        .dialects(config.dialects().switchable().toArray(Dialect[]::new));
    for (DialectPathOptions path : config.dialects().paths()) {
      server.dialect(path.path(), path.dialect());
    }
  }

  private void letIn(ServerBuilder server) {
    AdminOptions admin = config.admin();
    boolean open = admin.open() && Reach.onlyThisMachine(config.listen());
    server
        .authentication(identification.authentication())
        .hosts(config.listen().hosts().toArray(String[]::new))
        .origins(config.origins().toArray(String[]::new))
        .authoriser(config.access().accessRules())
        .administration(caller -> ruled || open || mayAdminister(admin, caller));
    if (Reach.loopbackNames(config.listen())) {
      server.loopbackNamesOnly();
    }
  }

  private static boolean mayAdminister(AdminOptions admin, Caller caller) {
    return admin.roles().stream().anyMatch(caller.roles()::contains);
  }

  /**
   * Has another configuration hold from now on. Everything is checked before anything changes.
   * Files of keys are read again, whether or not their paths have changed. Blocks.
   *
   * @param server what {@link #applyTo} was for, running
   * @return what has changed
   * @throws ConfigException if anything is wrong with it, or needs a restart; nothing has changed
   *     then
   */
  public ConfigDiff reload(Server server, Config next) throws ConfigException {
    lock.lock();
    try {
      ConfigDiff diff = plan(next);
      boolean others = !next.auth().equals(config.auth()) || next.auth().jwt().readsFiles();
      Identification former = identification;
      Identification found = others ? open(next, former) : former;
      try {
        change(server, config, next, found, others);
      } catch (RuntimeException e) {
        restore(server, next, former, others);
        if (others) {
          found.close();
        }
        throw e;
      }
      LogOptions.Level level = config.log().level();
      config = next;
      identification = found;
      if (others) {
        retire(former);
      }
      if (level != next.log().level()) {
        tell(next.log().level());
      }
      return diff;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What {@link #reload} would change; nothing does.
   *
   * @throws ConfigException as there
   */
  public ConfigDiff plan(Config next) throws ConfigException {
    lock.lock();
    try {
      check(next);
      ConfigDiff diff = ConfigDiff.between(config, next);
      List<Problem> refused =
          diff.restart().stream()
              .map(change ->
                  new Problem(
                      Place.code("reload"),
                      change.path(),
                      change.before() + " -> " + change.after() + " needs a restart"))
              .toList();
      if (!refused.isEmpty()) {
        throw new ConfigException(refused);
      }
      return diff;
    } finally {
      lock.unlock();
    }
  }

  private void change(Server server, Config from, Config to, Identification found, boolean others) {
    Live live = server.live();
    live.origins(to.origins());
    live.connectionLimits(to.limits().connections().limits());
    live.inboundRates(to.limits().inbound().rates());
    live.drain(to.drain().plan());
    if (others) {
      server.access().authentication(found.authentication());
    }
    if (!to.access().equals(from.access())) {
      boolean rules = to.access().rules() != null;
      ruled &= rules; // at no moment does neither of both say who may administer
      server.access().authoriser(to.access().accessRules());
      ruled = rules;
    }
    if (!to.session().resumeKeys().equals(from.session().resumeKeys())) {
      Secrets.replace(keys, to.session());
    }
  }

  /** What was changed before something failed is as it was. */
  private void restore(Server server, Config next, Identification former, boolean others) {
    try {
      change(server, next, config, former, others);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "configuration not restored", e);
    }
  }

  /** Closes it once nobody is waiting for its answers any more. */
  private void retire(Identification former) {
    retired.add(former);
    long wait = former.authentication().answerWithin().plusSeconds(1).toMillis();
    CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS)
        .execute(() -> {
          lock.lock();
          try {
            if (retired.remove(former)) {
              former.close();
            }
          } finally {
            lock.unlock();
          }
        });
  }

  private void tell(LogOptions.Level level) {
    try {
      logging.accept(level);
    } catch (RuntimeException e) { // user code: the rest holds already
      LOG.log(Level.ERROR, "log level not changed", e);
    }
  }

  /** Ends what the server needed. After the server. */
  @Override
  public void close() {
    lock.lock();
    try {
      retired.forEach(Identification::close);
      retired.clear();
      identification.close();
      broker.close();
      nonces.close();
    } finally {
      lock.unlock();
    }
  }
}
