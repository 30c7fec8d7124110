package dev.everwire.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.it.docs.PriceDesk.Price;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the documents say is so. */
class DocumentsTest {
  private static final Path HOME = Path.of(System.getProperty("everwire.home")).normalize();
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)[^)]*\\)");
  private static final Pattern QUOTED_SOURCE = Pattern.compile("`([a-z/A-Z]+\\.java)`");

  @Test
  @Timeout(60)
  void theReadmesExamplesRun() throws Exception {
    try (var server = PriceDesk.serve(0)) {
      URI uri = URI.create("ws://" + server.host() + ":" + server.port() + "/ws");
      BlockingQueue<Price> shown = new LinkedBlockingQueue<>();
      Thread follower = Thread.ofVirtual().start(() -> PriceDesk.follow(uri, shown::add));
      Price price = new Price("EURUSD", new BigDecimal("1.0843"));
      Price seen = null;
      while (seen == null) { // until the follower has subscribed there is nobody to see it
        server.topics().publish("prices/eur", price);
        seen = shown.poll(50, TimeUnit.MILLISECONDS);
      }
      assertThat(seen).isEqualTo(price);
      follower.interrupt();
      follower.join();
    }
  }

  @Test
  void everyJavaExampleInTheReadmeIsOneThatIsCompiledHere() throws IOException {
    List<String> regions =
        regions(HOME.resolve("it/src/test/java/dev/everwire/it/docs/PriceDesk.java"));
    assertThat(shown(HOME.resolve("README.md"))).isNotEmpty().isEqualTo(regions);
  }

  @Test
  void everyLinkBetweenDocumentsLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      String text = Files.readString(document);
      Matcher link = LINK.matcher(text);
      while (link.find()) {
        if (!Files.exists(document.resolveSibling(link.group(1)))) {
          broken.add(HOME.relativize(document) + " -> " + link.group(1));
        }
      }
      Matcher source = QUOTED_SOURCE.matcher(text);
      while (source.find()) {
        if (source.group(1).contains("/") && !Files.exists(HOME.resolve(source.group(1)))) {
          broken.add(HOME.relativize(document) + " -> " + source.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(HOME);
        Stream<Path> docs = Files.walk(HOME.resolve("docs"))) {
      return Stream.concat(top, docs).filter(path -> path.toString().endsWith(".md")).toList();
    }
  }

  /** The Java examples of a document. */
  static List<String> shown(Path document) throws IOException {
    List<String> shown = new ArrayList<>();
    Matcher matcher = JAVA.matcher(Files.readString(document));
    while (matcher.find()) {
      shown.add(matcher.group(1));
    }
    return shown;
  }

  /** The text between {@code // docs:NAME} and {@code // docs:end}, without its indentation. */
  static List<String> regions(Path source) throws IOException {
    List<String> regions = new ArrayList<>();
    StringBuilder region = null;
    for (String line : Files.readAllLines(source)) {
      if (line.strip().equals("// docs:end") && region != null) {
        regions.add(region.toString().strip() + "\n");
        region = null;
      } else if (line.strip().startsWith("// docs:")) {
        region = new StringBuilder();
      } else if (region != null) {
        region.append(line.startsWith("  ") ? line.substring(2) : line).append('\n');
      }
    }
    return regions;
  }
}
