package dev.holdfast.cli.architecture;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;

/**
 * A rule of the architecture, and classes that break it.
 *
 * @param says what the rule demands, as a sentence
 * @param broken all that the rule is shown when it has to fail; at least one class
 */
record Guard(String says, ArchRule rule, List<Class<?>> broken) {
  Guard {
    if (broken.isEmpty()) {
      throw new IllegalArgumentException("no fixture breaks: " + says);
    }
  }

  static Guard of(String says, ArchRule rule, Class<?>... broken) {
    return new Guard(says, rule, List.of(broken));
  }

  void checkCode() {
    rule.because(says).check(Modules.code());
  }

  EvaluationResult onFixture() {
    return rule.evaluate(new ClassFileImporter().importClasses(broken));
  }

  @Override
  public String toString() {
    return says;
  }
}
