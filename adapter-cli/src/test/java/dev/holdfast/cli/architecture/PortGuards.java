package dev.holdfast.cli.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.holdfast.application.fixture.UseCase;
import dev.holdfast.domain.fixture.FixtureId;
import dev.holdfast.domain.fixture.Lonely;
import dev.holdfast.fs.fixture.BuildsPaths;
import dev.holdfast.fs.fixture.BuildsPathsToo;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Where there is an interface, and where the disk begins. */
final class PortGuards {
  private static final Set<String> PATH_MAKERS = Set.of("java.nio.file.Path.of", "java.nio.file.Path.resolve",
      "java.nio.file.Path.resolveSibling", "java.nio.file.Paths.get", "java.nio.file.FileSystem.getPath",
      "java.io.File.<init>", "java.io.FileInputStream.<init>", "java.io.FileOutputStream.<init>",
      "java.io.RandomAccessFile.<init>");

  private PortGuards() {}

  static List<Guard> all() {
    ArchRule useCases = noClasses().that().resideInAPackage("dev.holdfast.application..")
        .and().doNotHaveSimpleName("package-info").should().beInterfaces();
    ArchRule implemented = classes().that(describe("are ports", Ports::isPort))
        .should(be(describe("implemented outside the domain", PortGuards::isImplementedOutside)));
    ArchRule paths = classes().should(new OnePathMaker());
    return List.of(
        Guard.of("a use case is a final class, without an interface", useCases, UseCase.class),
        Guard.of("an interface of the domain has an implementation outside", implemented, Lonely.class,
            Lonely.InMemory.class),
        Guard.of("one class builds paths from identifiers", paths, BuildsPaths.class, BuildsPathsToo.class,
            FixtureId.class));
  }

  private static boolean isImplementedOutside(JavaClass port) {
    return port.getAllSubclasses().stream()
        .anyMatch(type -> !type.isInterface() && !Modules.of(type).equals("domain"));
  }

  /** What one class does for another inside the same file counts for the file. */
  private static final class OnePathMaker extends ArchCondition<JavaClass> {
    private final Set<String> makers = new TreeSet<>();
    private final Set<String> knowers = new TreeSet<>();

    OnePathMaker() {
      super("leave paths that are built from identifiers to one class");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      String file = type.getName().split("\\$", 2)[0];
      if (type.getAccessesFromSelf().stream().anyMatch(OnePathMaker::makesPath)) {
        makers.add(file);
      }
      if (type.getDirectDependenciesFromSelf().stream().anyMatch(use -> isIdentifier(use.getTargetClass()))) {
        knowers.add(file);
      }
    }

    @Override
    public void finish(ConditionEvents events) {
      makers.retainAll(knowers);
      if (makers.size() > 1) {
        events.add(SimpleConditionEvent.violated(makers, "paths and identifiers meet in " + makers));
      }
      makers.clear();
      knowers.clear();
    }

    private static boolean makesPath(JavaAccess<?> access) {
      return PATH_MAKERS.contains(access.getTargetOwner().getName() + "." + access.getTarget().getName());
    }

    private static boolean isIdentifier(JavaClass type) {
      return type.getPackageName().startsWith("dev.holdfast.domain") && type.isRecord()
          && type.getSimpleName().matches(".*(Id|Ref|Digest)");
    }
  }
}
