package dev.everwire.it.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules about source text, which class files no longer show. */
final class SourceTreeTest {
  private static final Pattern SYNCHRONIZED = Pattern.compile("\\bsynchronized\\s*[({]");
  private static final Pattern COMMENT_OR_STRING =
      Pattern.compile(
          "//[^\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"", Pattern.DOTALL);

  private final SourceTree tree;

  SourceTreeTest() throws IOException {
    tree = SourceTree.find();
  }

  @Test
  void theModulesAreFound() throws IOException {
    assertThat(tree.modules()).contains("protocol", "session", "server", "client", "app");
  }

  @Test
  void everyPackageIsNullMarkedAndNamesItsDoor() throws IOException {
    List<String> missing = new ArrayList<>();
    for (String module : tree.modules()) {
      for (Path file : tree.javaFiles(module)) {
        Path info = file.resolveSibling("package-info.java");
        if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
          missing.add(tree.packageOf(module, file));
        }
      }
    }
    assertThat(missing)
        .as(
            "packages without a @NullMarked package-info: there null is checked by nobody, and"
                + " nothing says which class to open first")
        .isEmpty();
  }

  @Test
  void everyPackageLiesBelowTheOneOfItsModule() throws IOException {
    List<String> astray = new ArrayList<>();
    for (String module : tree.modules()) {
      String root = ArchitectureTest.packageOf(module);
      for (Path file : tree.javaFiles(module)) {
        String name = tree.packageOf(module, file);
        boolean own = name.equals(root) || (!module.equals("everwire") && under(root, name));
        if (!own) {
          astray.add(module + ": " + name);
        }
      }
    }
    assertThat(astray)
        .as("a package outside its module's escapes the rules, which go by package")
        .isEmpty();
  }

  @Test
  void nothingIsSynchronized() throws IOException {
    List<String> found = new ArrayList<>();
    for (String module : tree.modules()) {
      for (Path file : tree.javaFiles(module)) {
        String code = COMMENT_OR_STRING.matcher(Files.readString(file)).replaceAll(" ");
        if (SYNCHRONIZED.matcher(code).find()) {
          found.add(tree.home().relativize(file).toString());
        }
      }
    }
    assertThat(found)
        .as("use ReentrantLock: a virtual thread inside synchronized pins its carrier on JDK 21")
        .isEmpty();
  }

  private static boolean under(String root, String name) {
    return name.startsWith(root + ".");
  }
}
