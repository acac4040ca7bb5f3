package dev.holdfast.domain.turns.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.turns.scenarios.ScenarioValidation.Offence;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of a scenario's phases, as words over one letter per phase. */
class ScenarioValidationTest {
  private static final int WORDS = 200_000;
  private static final Map<Character, Phase> PHASES = Map.of(
      'i', new Phase.Ingress(List.of(), List.of()),
      'l', new Phase.LeadingCommandClaim(Phase.IdleTry.NONE, 0),
      'k', new Phase.Checkpoint(0, null),
      'w', new Phase.TurnWorkClaim(Phase.Moment.IDLE, 0, null),
      'n', new Phase.NextTurnInputClaim(List.of("a"), List.of("text"), false),
      'x', new Phase.NextTurnInputClaim(List.of("a", "b"), List.of("text"), false),
      'r', new Phase.ReclaimDeadHolder(),
      's', new Phase.StaleQueueCompletion(),
      'C', new Phase.Commit(true, null),
      'R', new Phase.CommitAfterRelease());

  /** What may come before the last phase: at most one reclaim, before all but ingress; stale completions behind turn work. */
  private static final Pattern ORDER = Pattern.compile("(i*r)?[ilkn]*(w[ilknws]*)?");

  private static Scenario scenario(String word) {
    return Scenario.of(word, word.chars().mapToObj(letter -> PHASES.get((char) letter)).toArray(Phase[]::new));
  }

  private static OptionalInt found(String word) {
    return ScenarioValidation.firstOffence(scenario(word)).map(offence -> OptionalInt.of(offence.index()))
        .orElse(OptionalInt.empty());
  }

  /** The oracle: how far the word goes by the pattern; a releasing phase may stand behind that, at the very end. */
  private static OptionalInt wanted(String word) {
    Matcher matcher = ORDER.matcher(word);
    assertTrue(matcher.lookingAt());
    String rest = word.substring(matcher.end());
    return !word.isEmpty() && rest.matches("[CR]?") ? OptionalInt.empty() : OptionalInt.of(matcher.end());
  }

  @Test
  @DisplayName("T-A11 property: random 1-8 phases, validator = oracle of T-100 to T-104")
  void property() {
    long seed = Long.getLong("holdfast.seed", 20_260_101);
    var random = new SplittableRandom(seed);
    List<Character> letters = PHASES.keySet().stream().sorted().toList();
    Set<Integer> offences = new HashSet<>();
    int valid = 0;
    for (int i = 0; i < WORDS; i++) {
      var word = new StringBuilder();
      int length = random.nextInt(1, 9);
      while (word.length() < length) {
        word.append(letters.get(random.nextInt(letters.size())));
      }
      OptionalInt wanted = wanted(word.toString());
      assertEquals(wanted, found(word.toString()), "seed " + seed + ", word " + word);
      wanted.ifPresent(offences::add);
      valid += wanted.isEmpty() ? 1 : 0;
    }
    assertEquals(Set.of(0, 1, 2, 3, 4, 5, 6, 7), offences, "the words offend everywhere");
    assertTrue(valid > WORDS / 100 && valid < WORDS / 2, "both sorts are there: " + valid);
  }

  @ParameterizedTest(name = "{index}: {0} breaks {2} at {1}")
  @DisplayName("the first phase that can't stand where it does is named, with the rule")
  @CsvSource({"Ci,0,T-100", "iRC,1,T-100", "iCC,1,T-100", "rr,1,T-101", "ilr,2,T-101", "kr,1,T-101", "wr,1,T-101",
    "nr,1,T-101", "wsr,2,T-101", "s,0,T-102", "ilks,3,T-102", "ix,1,T-103", "xCs,0,T-103", "iirsw,3,T-102"})
  void offences(String word, int index, String rule) {
    assertEquals(Optional.of(new Offence(index, rule)), ScenarioValidation.firstOffence(scenario(word)));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("ingress stands anywhere, and what ends a scenario stands last (T-104)")
  @CsvSource({"i", "C", "R", "iii", "iri", "rilwisiknC", "wsR", "iwiC"})
  void valid(String word) {
    assertEquals(Optional.empty(), ScenarioValidation.firstOffence(scenario(word)));
  }

  @Test
  @DisplayName("a scenario without a phase is none")
  void empty() {
    assertEquals(Optional.of(new Offence(0, "a scenario has at least one phase")),
        ScenarioValidation.firstOffence(Scenario.of("empty")));
  }
}
