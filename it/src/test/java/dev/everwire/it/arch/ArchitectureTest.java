package dev.everwire.it.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which module may see which, and what the engine must not know. A failure here is a question: is
 * the new arrow right, or is the class in the wrong place? Changing a rule takes a decision record.
 */
final class ArchitectureTest {
  private static final String ROOT = "dev.everwire";

  /** What a module may see besides itself, the JDK and JSpecify, and why no more. */
  record Module(String name, List<String> sees, String because) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Module> MODULES =
      List.of(
          new Module("protocol", List.of(), "everything is built on it, so it builds on nothing"),
          new Module(
              "session",
              List.of("dev.everwire.protocol.."),
              "it decides and leaves input and output to others"),
          new Module(
              "spi",
              List.of("dev.everwire.protocol.."),
              "an adapter for one product must not drag in the server or the session"),
          new Module(
              "testkit",
              List.of(
                  "dev.everwire.protocol..",
                  "dev.everwire.session..",
                  "dev.everwire.spi..",
                  "org.junit.jupiter.api..",
                  "org.assertj.."),
              "contract suites hold for every implementation only if they know none"),
          new Module(
              "leakgate",
              List.of("io.netty.util..", "org.junit.platform.launcher.."),
              "it watches the tests of others and must not become a part of what they test"),
          new Module(
              "client",
              List.of("dev.everwire.protocol..", "dev.everwire.session.."),
              "who only dials carries no server, and transports come in through Dialer"),
          new Module(
              "server",
              List.of("dev.everwire.protocol..", "dev.everwire.session..", "dev.everwire.spi.."),
              "stores and transports come in through spi and Acceptor, and the client is no part"),
          new Module(
              "netty",
              List.of("dev.everwire.protocol..", "dev.everwire.session.transport..", "io.netty.."),
              "it moves bytes and must not know what they mean or which end it serves"),
          new Module(
              "jackson",
              List.of("dev.everwire.protocol..", "tools.jackson..", "com.fasterxml.jackson.."),
              "it binds values through ValueCodec and needs nothing else"),
          new Module(
              "validation",
              List.of("dev.everwire.protocol..", "dev.everwire.session..", "jakarta.validation.."),
              "it checks arguments through ArgumentCheck and is absent where the library is"),
          new Module(
              "auth",
              List.of("dev.everwire.protocol..", "dev.everwire.spi..", "com.nimbusds.."),
              "it answers who somebody is, whoever asks, and is absent where others answer that"),
          new Module(
              "everwire",
              List.of(
                  "dev.everwire.protocol..",
                  "dev.everwire.session..",
                  "dev.everwire.spi..",
                  "dev.everwire.client..",
                  "dev.everwire.server..",
                  "dev.everwire.netty..",
                  "dev.everwire.jackson.."),
              "it presets the modules below and knows neither the program nor test support"),
          new Module(
              "config",
              List.of(
                  ROOT,
                  "dev.everwire.protocol..",
                  "dev.everwire.session..",
                  "dev.everwire.spi..",
                  "dev.everwire.server..",
                  "dev.everwire.netty..",
                  "dev.everwire.jackson..",
                  "dev.everwire.auth..",
                  "org.snakeyaml.engine.."),
              "it turns words into builder calls, for whatever program reads them"),
          new Module(
              "app",
              List.of(
                  ROOT,
                  "dev.everwire.protocol..",
                  "dev.everwire.session..",
                  "dev.everwire.spi..",
                  "dev.everwire.client..",
                  "dev.everwire.server..",
                  "dev.everwire.netty..",
                  "dev.everwire.jackson..",
                  "dev.everwire.auth..",
                  "dev.everwire.config..",
                  "tools.jackson..",
                  "picocli..",
                  "org.HdrHistogram..",
                  "org.slf4j..",
                  "ch.qos.logback.."),
              "the program is built from what users get, without test support or Netty itself"),
          new Module(
              "examples",
              List.of(
                  ROOT,
                  "dev.everwire.protocol..",
                  "dev.everwire.session..",
                  "dev.everwire.client..",
                  "dev.everwire.server..",
                  "dev.everwire.testkit.."),
              "who copies one gets by with the facade, and with testkit for the broken network"));

  private static final String[] ENGINE = {"dev.everwire.protocol..", "dev.everwire.session.."};

  private static final String[] LIBRARIES = {
    "dev.everwire.protocol..",
    "dev.everwire.session..",
    "dev.everwire.spi..",
    "dev.everwire.testkit..",
    "dev.everwire.client..",
    "dev.everwire.server..",
    "dev.everwire.netty..",
    "dev.everwire.jackson..",
    "dev.everwire.validation..",
    "dev.everwire.auth..",
    "dev.everwire.config.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** The package of the module in that directory; the facade has the root to itself. */
  static String packageOf(String module) {
    return module.equals("everwire") ? ROOT : ROOT + "." + module;
  }

  private static String pattern(String module) {
    return module.equals("everwire") ? ROOT : packageOf(module) + "..";
  }

  static Stream<Module> modules() {
    return MODULES.stream();
  }

  @Test
  void everyModuleHasItsRule() throws IOException {
    assertThat(MODULES.stream().map(Module::name))
        .as("modules with a line in MODULES")
        .containsAll(SourceTree.find().modules());
  }

  /** Rules tolerate modules that are still empty; this keeps them from passing unseen classes. */
  @Test
  void everySourceFileIsSeenByTheRules() throws IOException {
    SourceTree tree = SourceTree.find();
    List<String> unseen = new ArrayList<>();
    for (String module : tree.modules()) {
      for (var file : tree.classFiles(module)) {
        String type = file.getFileName().toString().replace(".java", "");
        String name = tree.packageOf(module, file) + "." + type;
        if (!CLASSES.contain(name)) {
          unseen.add(name);
        }
      }
    }
    assertThat(unseen).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void arrowsPointDown(Module module) {
    List<String> allowed = new ArrayList<>(module.sees());
    allowed.addAll(
        List.of("java..", "javax..", "org.jspecify.annotations", pattern(module.name())));
    classes()
        .that()
        .resideInAPackage(pattern(module.name()))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .because(module.because())
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void examplesUseNothingInternal() {
    noClasses()
        .that()
        .resideInAPackage("dev.everwire.examples..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..internal..")
        .because("what users are shown is what they may use")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("dev.everwire.(**)")
        .should()
        .beFreeOfCycles()
        .because("packages in a circle can only be understood, tested and moved together")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void onlyNettyImportsNetty() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.everwire.netty..", "dev.everwire.leakgate..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .because("a transport can be exchanged only while one module, and what tests it, knows it")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void nettySeesOfTheSessionOnlyTheTransportSeam() {
    noClasses()
        .that()
        .resideInAPackage("dev.everwire.netty..")
        .should()
        .dependOnClassesThat(
            describe(
                "reside in session but not in session.transport",
                type ->
                    within(type, "dev.everwire.session")
                        && !within(type, "dev.everwire.session.transport")))
        .because("the in-memory transport is its equal, so one contract suite runs on both")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void theEngineKnowsNoClock() {
    engineNeverCalls(
        "read the time",
        "time is passed in, so that days of faults run in seconds and repeat exactly",
        Map.of(
            "java.lang.System", Set.of("nanoTime", "currentTimeMillis"),
            "java.time.Instant", Set.of("now"),
            "java.time.LocalDateTime", Set.of("now"),
            "java.time.OffsetDateTime", Set.of("now"),
            "java.time.ZonedDateTime", Set.of("now"),
            "java.time.LocalDate", Set.of("now"),
            "java.time.Clock", Set.of("system", "systemUTC", "systemDefaultZone"),
            "java.util.Date", Set.of("<init>")));
  }

  @Test
  void theEngineKnowsNoThread() {
    engineNeverCalls(
        "start a thread or a timer, or sleep",
        "the event loop that owns a session is its only thread; waiting and timers belong to it",
        Map.of(
            "java.lang.Thread",
            Set.of(
                "<init>",
                "start",
                "sleep",
                "join",
                "yield",
                "onSpinWait",
                "ofVirtual",
                "ofPlatform",
                "startVirtualThread"),
            "java.util.concurrent.CompletableFuture",
            Set.of(
                "supplyAsync", "runAsync", "orTimeout", "completeOnTimeout", "delayedExecutor")));
    engineNeverSees(
        "java.util.concurrent.Executors",
        "java.util.concurrent.ForkJoinPool",
        "java.util.concurrent.ThreadPoolExecutor",
        "java.util.concurrent.ScheduledExecutorService",
        "java.util.Timer");
  }

  @Test
  void theEngineKnowsNoChance() {
    engineNeverCalls(
        "roll dice",
        "chance is passed in, so that a failing seed can be run again",
        Map.of(
            "java.util.Random", Set.of("<init>"),
            "java.util.SplittableRandom", Set.of("<init>"),
            "java.util.random.RandomGenerator", Set.of("getDefault", "of"),
            "java.util.UUID", Set.of("randomUUID"),
            "java.lang.Math", Set.of("random")));
    engineNeverSees("java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom");
  }

  @Test
  void theEngineKnowsNoSocket() {
    engineNeverSees(
        "java.net.Socket",
        "java.net.ServerSocket",
        "java.net.DatagramSocket",
        "java.net.URLConnection",
        "java.nio.channels.SelectableChannel",
        "java.nio.channels.AsynchronousSocketChannel",
        "java.nio.channels.FileChannel",
        "java.nio.file.Files");
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.net.http..")
        .because("bytes come in and go out through Transport")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void nothingIsSynchronized() {
    noMethods()
        .should()
        .haveModifier(JavaModifier.SYNCHRONIZED)
        .because("a virtual thread inside synchronized pins its carrier on JDK 21: ReentrantLock")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void nothingHidesInAThreadLocal() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .because("with a virtual thread for each call it is a leak for each call; pass the value")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void publicNamesSayTheThing() {
    noClasses()
        .that()
        .arePublic()
        .and()
        .resideInAnyPackage(LIBRARIES)
        .should()
        .haveNameMatching(".*(Impl|Manager|Helper|Utils?)")
        .because("such a name says that nobody knew what the class is")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static void engineNeverCalls(
      String what, String because, Map<String, Set<String>> membersByOwner) {
    DescribedPredicate<JavaAccess<?>> banned =
        describe(
            what,
            access -> {
              AccessTarget target = access.getTarget();
              return membersByOwner
                  .getOrDefault(target.getOwner().getName(), Set.of())
                  .contains(target.getName());
            });
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE)
        .should()
        .accessTargetWhere(banned)
        .because(because)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static void engineNeverSees(String... types) {
    Set<String> banned = Set.of(types);
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE)
        .should()
        .dependOnClassesThat(
            describe(
                "are one of " + banned, type -> banned.stream().anyMatch(type::isAssignableTo)))
        .because("threads, chance and input or output are passed in, so that tests can play them")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static boolean within(JavaClass type, String root) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }
}
