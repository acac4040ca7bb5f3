package dev.holdfast.cli.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  static List<Guard> guards() {
    return Stream.of(DomainGuards.all(), RingGuards.all(), NameGuards.all(), PortGuards.all())
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("guards")
  @DisplayName("the code keeps the rule")
  void codeKeepsRule(Guard guard) {
    guard.checkCode();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("guards")
  @DisplayName("the rule bites on a fixture that breaks it")
  void ruleBites(Guard guard) {
    assertTrue(guard.onFixture().hasViolation(), "the rule is blind: it passes on " + guard.broken());
  }

  @Test
  @DisplayName("the rules are shown the code of all six modules")
  void allModulesAreSeen() {
    List<String> modules = Modules.code().stream().map(Modules::of).distinct().sorted().toList();

    assertTrue(modules.equals(List.of("application", "cli", "domain", "fs", "http", "sqlite")), modules::toString);
  }

  @Test
  @DisplayName("every package is null-marked")
  void packagesAreNullMarked() {
    List<String> unmarked = Modules.code().stream()
        .map(JavaClass::getPackage)
        .distinct()
        .filter(found -> !found.getClasses().isEmpty() && !found.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
        .map(found -> found.getName())
        .sorted()
        .toList();

    assertTrue(unmarked.isEmpty(), () -> "no @NullMarked package-info.java in " + unmarked);
  }
}
