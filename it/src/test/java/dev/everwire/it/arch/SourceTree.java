package dev.everwire.it.arch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The main sources of every module, found on disk and not through the class path. */
record SourceTree(Path home) {

  static SourceTree find() throws IOException {
    String home = System.getProperty("everwire.home", "..");
    return new SourceTree(Path.of(home).toRealPath());
  }

  /** Directories that hold a module with main sources, by name. */
  List<String> modules() throws IOException {
    try (Stream<Path> entries = Files.list(home)) {
      return entries
          .filter(dir -> Files.isRegularFile(dir.resolve("pom.xml")))
          .filter(dir -> Files.isDirectory(dir.resolve("src/main/java")))
          .map(dir -> dir.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  List<Path> javaFiles(String module) throws IOException {
    try (Stream<Path> files = Files.walk(root(module))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  /** Everything but package-info: what leaves a class file that rules can look at. */
  List<Path> classFiles(String module) throws IOException {
    return javaFiles(module).stream().filter(file -> !file.endsWith("package-info.java")).toList();
  }

  Path root(String module) {
    return home.resolve(module).resolve("src/main/java");
  }

  String packageOf(String module, Path file) {
    return root(module).relativize(file.getParent()).toString().replace('/', '.');
  }
}
