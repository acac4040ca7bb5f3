package dev.holdfast.cli.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which interfaces of the domain stand for something that an adapter brings. */
final class Ports {
  private Ports() {}

  /**
   * An open interface of the domain. Not one: a sealed interface, a functional one (it is there for lambdas), and a
   * marker of which there are only sealed kinds.
   */
  static boolean isPort(JavaClass type) {
    return isDomainInterface(type) && !isSealed(type) && !isFunctional(type) && !isMarker(type);
  }

  /**
   * What a port hands out or is given belongs to it, so its contract covers that too: a snapshot to read from, a lock
   * that is held, a sink for output. Functional interfaces are looked through.
   */
  static Set<JavaClass> coveredByOthers(Collection<JavaClass> ports) {
    return ports.stream()
        .filter(port -> ports.stream()
            .anyMatch(other -> !other.equals(port) && reach(other).contains(port) && !reach(port).contains(other)))
        .collect(Collectors.toSet());
  }

  private static Set<JavaClass> reach(JavaClass port) {
    var reached = new HashSet<JavaClass>();
    var open = new ArrayDeque<JavaClass>(Set.of(port));
    while (!open.isEmpty()) {
      JavaClass type = open.poll();
      type.getMethods().stream()
          .map(JavaMethod::getAllInvolvedRawTypes)
          .flatMap(Set::stream)
          .filter(((Predicate<JavaClass>) Ports::isPort).or(Ports::isFunctional))
          .flatMap(Ports::withParents)
          .filter(reached::add)
          .forEach(open::add);
    }
    return reached;
  }

  private static Stream<JavaClass> withParents(JavaClass type) {
    return Stream.concat(
        Stream.of(type), type.getAllRawInterfaces().stream().filter(Ports::isPort));
  }

  private static boolean isDomainInterface(JavaClass type) {
    return type.isInterface() && !type.isAnnotation() && !type.getSimpleName().equals("package-info")
        && type.getPackageName().startsWith("dev.holdfast.domain");
  }

  private static boolean isFunctional(JavaClass type) {
    return isDomainInterface(type) && type.isAnnotatedWith(FunctionalInterface.class);
  }

  private static boolean isSealed(JavaClass type) {
    return type.reflect().isSealed();
  }

  private static boolean isMarker(JavaClass type) {
    return type.getMethods().isEmpty() && !type.getSubclasses().isEmpty()
        && type.getSubclasses().stream().allMatch(kind -> kind.isInterface() && isSealed(kind));
  }
}
