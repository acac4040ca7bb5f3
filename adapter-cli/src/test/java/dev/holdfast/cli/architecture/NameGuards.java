package dev.holdfast.cli.architecture;

import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.holdfast.domain.fixture.ThingHelper;
import dev.holdfast.domain.fixturemany.Many;
import dev.holdfast.domain.turns.fixture.service.Hidden;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Names that say something, and packages that a reader can hold in the head. */
final class NameGuards {
  private static final int MOST_TYPES = 20;
  private static final String VAGUE = ".*(Impl|Utils?|Helper|Manager|Dto|Mapper|Processor|Data|Info)s?";

  private NameGuards() {}

  static List<Guard> all() {
    ArchRule names = noClasses().should(be(DescribedPredicate.describe(
        "named vaguely", type -> type.getSimpleName().matches(VAGUE))));
    ArchRule packages = noClasses().should().resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..",
        "..helpers..", "..impl..", "..dto..", "..service..", "..services..", "..model..", "..port..", "..ports..");
    ArchRule capabilities = classes().should(be(DescribedPredicate.describe(
        "in a module's root or in one of its capabilities", NameGuards::hasItsPlace)));
    ArchRule budget = classes().should(new FewTypes());
    return List.of(
        Guard.of("a type's name says what it is", names, ThingHelper.class),
        Guard.of("packages are named after capabilities, not after layers", packages, Hidden.class),
        Guard.of("a package is a module's root and a capability", capabilities, ThingHelper.class),
        Guard.of("a package holds at most " + MOST_TYPES + " types", budget, Many.all()));
  }

  private static boolean hasItsPlace(JavaClass type) {
    String[] words = type.getPackageName().substring(Modules.ROOT.length() + 1).split("\\.");
    return words.length == 1 || Modules.CAPABILITIES.contains(words[1])
        || (words[0].equals("cli") && words[1].equals("wiring"));
  }

  /** Nested types don't count. */
  private static final class FewTypes extends ArchCondition<JavaClass> {
    private final TreeMap<String, List<String>> byPackage = new TreeMap<>();

    FewTypes() {
      super("be one of at most %d types in its package", MOST_TYPES);
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
        byPackage.computeIfAbsent(type.getPackageName(), name -> new ArrayList<>()).add(type.getSimpleName());
      }
    }

    @Override
    public void finish(ConditionEvents events) {
      byPackage.forEach((name, types) -> {
        if (types.size() > MOST_TYPES) {
          events.add(SimpleConditionEvent.violated(name, name + " holds " + types.size() + " types: " + types));
        }
      });
      byPackage.clear();
    }
  }
}
