package dev.holdfast.cli.architecture;

import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether all that implement a port run its contract, {@code <Port>Contract} among the domain's tests. */
final class PortContracts {
  private final Set<JavaClass> ports;
  private final Collection<JavaClass> code;
  private final Collection<JavaClass> tests;

  /**
   * @param code the classes of all modules; the memory implementations in the domain count like any other
   * @param tests the test classes of all modules
   */
  PortContracts(Collection<JavaClass> code, Collection<JavaClass> tests) {
    this.code = code;
    this.tests = tests;
    this.ports = code.stream().filter(Ports::isPort).collect(Collectors.toSet());
  }

  /** What each port is implemented by, those left out that another port's contract covers. */
  Map<JavaClass, List<JavaClass>> implementations() {
    Set<JavaClass> covered = Ports.coveredByOthers(ports);
    var found = new TreeMap<JavaClass, List<JavaClass>>((a, b) -> a.getName().compareTo(b.getName()));
    for (JavaClass type : code) {
      if (!type.isInterface()) {
        Set<JavaClass> own = type.getAllRawInterfaces().stream()
            .filter(ports::contains)
            .collect(Collectors.toSet());
        own.stream()
            .filter(port -> !covered.contains(port))
            .filter(port -> own.stream().noneMatch(other -> other.getAllRawInterfaces().contains(port)))
            .forEach(port -> found.computeIfAbsent(port, p -> new ArrayList<>()).add(type));
      }
    }
    return found;
  }

  /** One sentence for each contract that is missing or isn't run. */
  List<String> gaps() {
    var gaps = new ArrayList<String>();
    implementations().forEach((port, types) -> contract(port).ifPresentOrElse(
        contract -> types.stream().collect(Collectors.groupingBy(Modules::of)).forEach((module, inModule) -> {
          long runs = runsIn(module, contract);
          if (runs < inModule.size()) {
            gaps.add("%s: %s implemented by %s, and %d test classes run %s".formatted(
                module, port.getName(), names(inModule), runs, contract.getSimpleName()));
          }
        }),
        () -> gaps.add("%s has no %sContract, and is implemented by %s".formatted(
            port.getName(), port.getSimpleName(), names(types)))));
    return gaps;
  }

  private Optional<JavaClass> contract(JavaClass port) {
    return tests.stream()
        .filter(type -> Modules.of(type).equals("domain"))
        .filter(type -> type.getSimpleName().equals(port.getSimpleName() + "Contract"))
        .filter(type -> type.getModifiers().contains(ABSTRACT))
        .findFirst();
  }

  private long runsIn(String module, JavaClass contract) {
    return contract.getAllSubclasses().stream()
        .filter(tests::contains)
        .filter(type -> !type.getModifiers().contains(ABSTRACT))
        .filter(type -> Modules.of(type).equals(module))
        .count();
  }

  private static List<String> names(List<JavaClass> types) {
    return types.stream().map(JavaClass::getSimpleName).sorted().toList();
  }
}
