package dev.holdfast.cli.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.domain.FixtureKernel;
import dev.holdfast.domain.fixture.AmbientClock;
import dev.holdfast.domain.fixture.AmbientIds;
import dev.holdfast.domain.fixture.AmbientRandom;
import dev.holdfast.domain.fixture.AmbientReference;
import dev.holdfast.domain.fixture.AmbientThread;
import dev.holdfast.domain.fixture.AmbientTime;
import dev.holdfast.domain.fixture.ReadsFiles;
import dev.holdfast.domain.fixture.UsesConcurrent;
import dev.holdfast.domain.workers.fixture.UsesTurns;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The domain needs little of the JDK, and nothing that answers differently the second time. */
final class DomainGuards {
  private static final String DOMAIN = "dev.holdfast.domain..";

  private static final DescribedPredicate<JavaClass> ALLOWED = or(
      resideInAnyPackage(
          DOMAIN,
          "java.lang", "java.lang.annotation", "java.lang.invoke", "java.lang.runtime",
          "java.math",
          "java.util", "java.util.function", "java.util.stream", "java.util.regex", "java.util.zip",
          "java.time..", "java.security..", "java.nio.charset", "javax.crypto..",
          "org.jspecify.annotations"),
      name("java.net.URI").forSubtype())
      .as("the domain and the small part of the JDK that is listed here");

  private static final Map<String, Set<String>> AMBIENT = Map.ofEntries(
      Map.entry("java.time.Clock", Set.of("system", "systemUTC", "systemDefaultZone", "tick", "tickMillis",
          "tickMinutes", "tickSeconds")),
      Map.entry("java.time.InstantSource", Set.of("system")),
      Map.entry("java.time.ZoneId", Set.of("systemDefault")),
      Map.entry("java.lang.System", Set.of("currentTimeMillis", "nanoTime", "getenv", "getProperty",
          "identityHashCode")),
      Map.entry("java.lang.Math", Set.of("random")),
      Map.entry("java.lang.StrictMath", Set.of("random")),
      Map.entry("java.util.UUID", Set.of("randomUUID")),
      Map.entry("java.util.Collections", Set.of("shuffle")),
      Map.entry("java.util.Date", Set.of("<init>")),
      Map.entry("java.util.Locale", Set.of("getDefault")),
      Map.entry("java.util.TimeZone", Set.of("getDefault")));

  private static final Set<String> AMBIENT_TYPES = Set.of("java.util.Random", "java.util.SplittableRandom",
      "java.util.random.RandomGenerator", "java.security.SecureRandom", "java.util.Timer", "java.util.TimerTask",
      "java.lang.Thread", "java.lang.ThreadLocal", "java.lang.InheritableThreadLocal", "java.lang.ScopedValue",
      "java.lang.Runtime", "java.lang.Process", "java.lang.ProcessBuilder");

  private DomainGuards() {}

  static List<Guard> all() {
    ArchRule allowed = classes().that().resideInAPackage(DOMAIN).should().onlyDependOnClassesThat(ALLOWED);
    ArchRule ambientCalls = noClasses().that().resideInAPackage(DOMAIN)
        .should().accessTargetWhere(DescribedPredicate.describe("is ambient", DomainGuards::isAmbient));
    ArchRule ambientTypes = noClasses().that().resideInAPackage(DOMAIN)
        .should().dependOnClassesThat(DescribedPredicate.describe(
            "are a source of randomness or a thread", type -> AMBIENT_TYPES.contains(type.getName())));
    ArchRule kernel = noClasses().that().resideInAPackage("dev.holdfast.domain")
        .should().dependOnClassesThat().resideInAPackage("dev.holdfast.domain.(*)..");
    ArchRule workersFirst = noClasses().that().resideInAPackage("dev.holdfast.domain.workers..")
        .should().dependOnClassesThat().resideInAPackage("dev.holdfast.domain.turns..");
    return List.of(
        Guard.of("the domain needs nothing but itself and the listed part of the JDK", allowed, ReadsFiles.class),
        Guard.of("monitors suffice in the domain, java.util.concurrent stays out", allowed, UsesConcurrent.class),
        Guard.of("now is an argument of the domain, not the system's time", ambientCalls, AmbientTime.class),
        Guard.of("the domain makes no clock", ambientCalls, AmbientClock.class),
        Guard.of("the domain takes no identifier from the JDK", ambientCalls, AmbientIds.class),
        Guard.of("a method reference to the time is a call too", ambientCalls, AmbientReference.class),
        Guard.of("the domain draws no random number", ambientTypes, AmbientRandom.class),
        Guard.of("the domain knows no thread", ambientTypes, AmbientThread.class),
        Guard.of("the domain's root package is the kernel and uses no capability", kernel, FixtureKernel.class),
        Guard.of("turns may use workers, never the other way", workersFirst, UsesTurns.class));
  }

  private static boolean isAmbient(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String member = access.getTarget().getName();
    boolean readsTheTime = owner.startsWith("java.time.") && member.equals("now");
    return readsTheTime || AMBIENT.getOrDefault(owner, Set.of()).contains(member);
  }
}
