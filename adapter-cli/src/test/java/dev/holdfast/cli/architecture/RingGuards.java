package dev.holdfast.cli.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.application.fixture.KnowsFramework;
import dev.holdfast.application.fixture.KnowsHttp;
import dev.holdfast.application.fixtureone.First;
import dev.holdfast.application.fixturetwo.Second;
import dev.holdfast.domain.fixture.KnowsAnnotations;
import dev.holdfast.fs.fixture.KnowsApplication;
import dev.holdfast.http.fixture.KnowsSqlite;
import dev.holdfast.sqlite.fixture.KnowsFiles;
import java.util.ArrayList;
import java.util.List;

/** Who may know whom. */
final class RingGuards {
  private RingGuards() {}

  static List<Guard> all() {
    ArchRule application = classes().that().resideInAPackage("dev.holdfast.application..")
        .should().onlyDependOnClassesThat().resideInAnyPackage(
            "dev.holdfast.application..", "dev.holdfast.domain..", "java..", "javax.crypto..", "org.slf4j..",
            "org.jspecify.annotations");
    ArchRule storage = noClasses().that().resideInAnyPackage("dev.holdfast.sqlite..", "dev.holdfast.fs..")
        .should().dependOnClassesThat().resideInAPackage("dev.holdfast.application..");
    ArchRule frameworks = noClasses().that()
        .resideInAnyPackage("dev.holdfast.domain..", "dev.holdfast.application..")
        .should().dependOnClassesThat().resideInAnyPackage("io.micronaut..", "jakarta..");
    ArchRule cycles = slices().matching("dev.holdfast.(*).(*)..").should().beFreeOfCycles();
    var guards = new ArrayList<Guard>();
    guards.add(Guard.of("the application needs the domain, the JDK and SLF4J", application, KnowsHttp.class));
    guards.add(Guard.of("storage adapters know ports, no use cases", storage, KnowsApplication.class));
    guards.add(Guard.of("Micronaut stays in the adapters", frameworks, KnowsFramework.class));
    guards.add(Guard.of("jakarta annotations stay in the adapters", frameworks, KnowsAnnotations.class));
    guards.add(Guard.of("capabilities don't depend on each other in a circle", cycles, First.class, Second.class));
    guards.add(adapterAlone("http", KnowsSqlite.class));
    guards.add(adapterAlone("sqlite", KnowsFiles.class));
    guards.add(adapterAlone("fs", dev.holdfast.fs.fixture.KnowsHttp.class));
    guards.add(adapterAlone("cli", dev.holdfast.cli.fixture.KnowsFiles.class));
    return List.copyOf(guards);
  }

  private static Guard adapterAlone(String adapter, Class<?> broken) {
    String[] others = List.of("http", "sqlite", "fs", "cli").stream()
        .filter(other -> !other.equals(adapter))
        .map(other -> "dev.holdfast." + other + "..")
        .toArray(String[]::new);
    ArchRule alone = noClasses().that().resideInAPackage("dev.holdfast." + adapter + "..")
        .should().dependOnClassesThat().resideInAnyPackage(others);
    return Guard.of("the adapter " + adapter + " sees no other adapter", alone, broken);
  }
}
