package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.recovery.StoreInspection.Condition;
import dev.holdfast.domain.integrity.recovery.StoreInspection.Damage;
import dev.holdfast.domain.integrity.stores.Descriptors;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that the doctor has to say of a store (spec integrity §14, §15). It is made of what was seen, and changes nothing.
 *
 * @param broken invariants between the stores
 * @param rows what there was to see of the rows
 * @param strays files of the directory that no node makes; they are told, and matter to nothing
 */
public record Diagnosis(Planning planning, List<Finding> broken, Condition rows, List<String> strays) {
  private static final String RESTORE = "stop here, copy the folder, restore it from a backup";

  /** What is wrong, how much it matters, and what would be done about it. */
  public record Told(Impact impact, Finding finding, String advice) {
    public Json json() {
      return Json.object("severity", severity(), "reason", finding.reason().code(), "subject", finding.subject(),
          "note",
          finding.note().isEmpty() ? null : finding.note(), "advice", advice);
    }

    private boolean isAs(Told other) {
      return Objects.equals(finding.subject(), other.finding.subject()) && finding.note().equals(other.finding.note())
          && !finding.note().isEmpty();
    }

    private String severity() {
      return switch (impact) {
        case NONE -> "info";
        case DEGRADED -> "warning";
        case BLOCKED -> "error";
      };
    }
  }

  public Diagnosis {
    broken = List.copyOf(broken);
    strays = List.copyOf(strays);
  }

  /** @param asked its identities are null for the manifest's own */
  public static Diagnosis of(Survey survey, Condition looked, Planner.Asked asked) {
    // Stores of a run tell of rows that there were.
    Condition rows = looked instanceof Condition.Absent && survey instanceof Survey.Read read && read.active() != null
        ? Condition.Damaged.blocked(Reason.STORE_MISSING, "the rows are not there, and the stores beside them are")
        : looked;
    long end = rows instanceof Condition.Sound sound ? sound.journalEnd() : Long.MAX_VALUE;
    Planning planning = Planner.plan(survey, asked);
    // Between stores of which one can't be read, nothing can be judged.
    List<Finding> broken = isReadable(planning) ? Invariants.broken(survey, end) : List.of();
    return new Diagnosis(planning, broken, rows, List.of());
  }

  /** With the directory's stray files. */
  public Diagnosis beside(List<String> found) {
    return new Diagnosis(planning, broken, rows, found);
  }

  private static boolean isReadable(Planning planning) {
    return planning instanceof Planning.Planned(Plan plan) && plan.actions().stream()
        .allMatch(action -> action.kind() == ActionKind.NONE || action.kind() == ActionKind.BLOCK_READINESS);
  }

  /** How the node would be, or is. */
  public Impact impact() {
    return told().stream().map(Told::impact).reduce(Impact.NONE, Impact::worse);
  }

  /** Whether all was looked at, and nothing at all is to be told. */
  public boolean isHealthy() {
    return (rows instanceof Condition.Sound || rows instanceof Condition.Absent) && told().isEmpty();
  }

  /** What is wrong: of the rows, then of the stores beside them, then between those. */
  public List<Told> told() {
    List<Told> told = new ArrayList<>();
    if (rows instanceof Condition.Damaged(List<Damage> damages)) {
      damages.forEach(damage -> told.add(new Told(damage.impact(), damage.finding(), advice(damage))));
    }
    switch (planning) {
      case Planning.NoPlan damage -> told.add(new Told(Impact.BLOCKED,
          new Finding(damage.reason(), null, damage.note()),
          RecoveryRules.treat(damage, true, Consents.NONE).advice("")));
      // Damage that both met, the look at the rows and the survey of the stores that lie in the same pages, is told once.
      case Planning.Planned(Plan plan) -> told(plan).stream().filter(more -> told.stream().noneMatch(more::isAs))
          .forEach(told::add);
    }
    broken.forEach(finding -> told.add(new Told(Impact.BLOCKED, finding, advice(finding))));
    return told;
  }

  private List<Told> toldOfStrays() {
    return strays.stream().map(path -> new Told(Impact.NONE,
        new Finding(Reason.UNCOMMITTED_WRITE, path, "no node has written it, and none reads it"),
        "it is left alone; move it away if it is nobody's")).toList();
  }

  private static List<Told> told(Plan plan) {
    List<Action> wrong = plan.actions().stream().filter(action -> action.reason() != null).toList();
    List<Told> told = new ArrayList<>();
    for (int at = 0; at < wrong.size(); at++) {
      // One diagnostic for each action that isn't none, in their order.
      Action action = wrong.get(at);
      told.add(new Told(impact(action), plan.diagnostics().get(at), advice(action)));
    }
    return told;
  }

  /** What a start mends by itself doesn't keep the node from working. */
  private static Impact impact(Action action) {
    boolean byItself = action.reason() != Reason.UNCOMMITTED_BATCH
        && RecoveryRules.treat(action, Consents.NONE) instanceof Treatment.Do;
    return byItself && action.impact() == Impact.BLOCKED ? Impact.DEGRADED : action.impact();
  }

  private static String advice(Action action) {
    return action.reason() == Reason.UNCOMMITTED_BATCH
        ? "the next start resolves it by itself, or tells why not: then holdfast store recover --apply"
        : RecoveryRules.treat(action, Consents.NONE).advice(action.schemaName());
  }

  private static String advice(Damage damage) {
    return switch (damage.finding().reason()) {
      case JOURNAL_DAMAGED, JOURNAL_TRUNCATED -> "restore it from a backup, or "
          + RecoveryRules.treatJournal(Consents.NONE).advice(Descriptors.LAUNCH_STATE.schemaName());
      case WORKER_QUARANTINED -> "restore what it lost from a backup, then holdfast store recover --apply";
      case QUARANTINED -> "holdfast store recover --apply makes it anew";
      case FUTURE_SCHEMA -> "start the version that wrote it";
      default -> RESTORE;
    };
  }

  private static String advice(Finding broken) {
    return broken.reason() == Reason.JOURNAL_POSITION_AHEAD
        ? RESTORE
        : "a start writes all stores anew; where it finds this again: holdfast store recover --apply --relaunch";
  }

  /**
   * @param backend of the store
   * @param poison why the running node takes no more writes, or null
   */
  public Json json(String backend, @Nullable Reason poison) {
    List<Told> told = told();
    return Json.object("backend", backend, "healthy", isHealthy() && poison == null, "readiness_impact",
        (poison == null ? impact() : Impact.BLOCKED).text(), "rows", words(rows), "plan",
        planning instanceof Planning.Planned(Plan plan) ? plan.json() : null, "invariants",
        broken.stream().map(Finding::json).toList(), "findings",
        Stream.of(poison == null ? Stream.<Told>empty() : Stream.of(poisoned(poison)), told.stream(),
            toldOfStrays().stream()).flatMap(all -> all).map(Told::json).toList());
  }

  /** What a recovery answers: the steps that it made, and what is left. */
  public Json json(List<StepTaken> steps) {
    return answer(steps, true);
  }

  /** What a recovery answers that only looks: the steps that it would make with apply, and what is wrong (spec I-58). */
  public Json json(Consents given) {
    return answer(foreseen(given), false);
  }

  private Json answer(List<StepTaken> steps, boolean done) {
    return Json.object("steps", steps.stream().map(step -> step.json(done)).toList(), "findings",
        told().stream().map(Told::json).toList(), "readiness", Readiness.of(planning, broken).json());
  }

  /**
   * The steps that these consents would make with apply, as far as they can be told from here: which way a batch goes is found out by
   * its resolution, and what is behind a manifest that can't be read when it was made anew.
   */
  public List<StepTaken> foreseen(Consents given) {
    Consents consents = given.applied();
    List<StepTaken> steps = new ArrayList<>();
    boolean lost = isLost();
    if (lost) {
      foresee(steps, RecoveryRules.treatJournal(consents), Descriptors.LAUNCH_STATE.schemaName());
    }
    boolean readable = !lost || !steps.isEmpty();
    switch (planning) {
      case Planning.NoPlan damage ->
        foresee(steps, RecoveryRules.treat(damage, true, consents), Descriptors.LAUNCH_STATE.schemaName());
      case Planning.Planned(Plan plan) -> plan.actions().stream()
          .filter(action -> action.reason() != Reason.UNCOMMITTED_BATCH && !plan.liesInDamage())
          .forEach(action -> {
            Treatment treatment = RecoveryRules.treat(action, consents);
            if (readable || !(treatment instanceof Treatment.Do(var step, _) && step.isMadeOfRows())) {
              foresee(steps, treatment, action.schemaName());
            }
          });
    }
    return steps;
  }

  private static void foresee(List<StepTaken> steps, Treatment treatment, String schemaName) {
    if (treatment instanceof Treatment.Do(var step, _)) {
      steps.add(new StepTaken(step, schemaName, null, List.of()));
    }
  }

  /** Whether the journal is damaged such that it doesn't open. */
  private boolean isLost() {
    return rows instanceof Condition.Damaged(List<Damage> damages) && damages.stream()
        .map(damage -> damage.finding().reason())
        .anyMatch(reason -> reason == Reason.JOURNAL_DAMAGED || reason == Reason.JOURNAL_TRUNCATED);
  }

  private static Told poisoned(Reason poison) {
    return new Told(Impact.BLOCKED, Finding.of(poison, null), "stop the node, look after the disk, start it again");
  }

  private static String words(Condition rows) {
    return switch (rows) {
      case Condition.Absent() -> "there are none yet";
      case Condition.Sound(String how, _) -> "sound " + how;
      case Condition.Unfinished(String how) -> "no damage in what was read in time " + how;
      case Condition.Unclear(String why) -> "not judged: " + why;
      case Condition.Damaged(List<Damage> damages) -> "damaged, " + damages.size() + " found";
    };
  }
}
