package dev.holdfast.cli.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The six modules as they were compiled just now, found beside this one. */
final class Modules {
  static final String ROOT = "dev.holdfast";

  /** The packages right below a module's root. */
  static final List<String> CAPABILITIES =
      List.of("workers", "events", "turns", "relay", "supervision", "integrity", "access");

  /** Micronaut's generated classes have names that begin with a dollar sign. */
  private static final Pattern GENERATED = Pattern.compile(".*/\\$[^/]*\\.class");

  private static final List<String> DIRECTORIES =
      List.of("domain", "application", "adapter-http", "adapter-sqlite", "adapter-fs", "adapter-cli");
  private static final JavaClasses CODE = compiled("classes");

  private Modules() {}

  /** What is shipped, without what annotation processors wrote. */
  static JavaClasses code() {
    return CODE;
  }

  /** What the modules test with, the contracts of the domain among it. */
  static JavaClasses tests() {
    return compiled("test-classes");
  }

  /** Which module's code a class is by its package: {@code domain}, {@code http}, … */
  static String of(JavaClass type) {
    return type.getPackageName().substring(ROOT.length() + 1).split("\\.", 2)[0];
  }

  private static JavaClasses compiled(String kind) {
    List<Path> folders = DIRECTORIES.stream()
        .map(module -> Path.of("..", module, "target", kind))
        .filter(Files::isDirectory)
        .toList();
    return new ClassFileImporter()
        .withImportOption(location -> !location.matches(GENERATED))
        .importPaths(folders);
  }
}
