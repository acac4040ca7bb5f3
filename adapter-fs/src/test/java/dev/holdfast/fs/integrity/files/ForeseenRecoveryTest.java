package dev.holdfast.fs.integrity.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Diagnosis;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.RecoveryStep;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import dev.holdfast.domain.integrity.recovery.StoreInspection.Condition;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a recovery that only looks says it would do, against what it does. */
class ForeseenRecoveryTest {
  private static final List<String> DAMAGES = List.of("", "{bad", "{\"schema_version\":99}");

  private static Diagnosis diagnosis(Stores stores) throws IOException {
    return Diagnosis.of(stores.folder().survey(), new Condition.Sound("", Long.MAX_VALUE),
        new Planner.Asked(new PlanId("hf-plan-0123456789abcdef"), Stores.DATA_DIR, null, Stores.LATER));
  }

  private static List<String> words(List<StepTaken> steps) {
    return steps.stream().map(step -> step.step().text() + " " + step.schemaName()).toList();
  }

  private static List<Consents> consents() {
    Set<String> all = new TreeSet<>(Descriptors.ALL.stream().map(Descriptor::schemaName).toList());
    List<Consents> consents = new ArrayList<>();
    for (boolean relaunch : new boolean[] {false, true}) {
      for (Set<String> named : List.of(Set.<String>of(), all)) {
        consents.add(new Consents(false, relaunch, named, Set.of(), false));
        consents.add(new Consents(false, relaunch, Set.of(), named, false));
      }
    }
    return consents;
  }

  private static void damage(Stores stores, Descriptor store, int how) throws IOException {
    if (how == DAMAGES.size()) {
      stores.remove(store);
    } else {
      stores.put(store, DAMAGES.get(how).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  @DisplayName("I-58 the steps that are foreseen with some consents are those that --apply makes with them, for each store and damage, and "
      + "nothing is changed by looking")
  void stores() throws IOException {
    var seen = new TreeSet<String>();
    for (Descriptor store : Descriptors.ALL) {
      for (int how = 0; how <= DAMAGES.size(); how++) {
        for (Consents given : consents()) {
          Stores stores = Stores.healthy();
          damage(stores, store, how);
          var before = stores.files();

          List<String> foreseen = words(diagnosis(stores).foreseen(given));

          assertEquals(before, stores.files());
          assertEquals(words(stores.recover(given.applied()).steps()), foreseen, store + " " + how + " " + given);
          seen.addAll(foreseen);
        }
      }
    }
    assertTrue(seen.size() > 10, seen::toString);
  }

  @Test
  @DisplayName("I-58 a manifest and receipts that can't be read are foreseen to be made anew")
  void lists() throws IOException {
    for (String name : List.of("manifest.json", "receipts.json")) {
      Stores stores = Stores.healthy();
      WholeFiles.replace(stores.folder().top(), name, "{bad".getBytes(StandardCharsets.UTF_8));
      List<String> foreseen = words(diagnosis(stores).foreseen(Consents.NONE));
      assertEquals(words(stores.recover(Consents.APPLY).steps()), foreseen, name);
      assertEquals(1, foreseen.size());
    }
  }

  @Test
  @DisplayName("I-58 a damaged journal is foreseen to be cut only where its loss is accepted, and nothing is made of it before")
  void journal() throws IOException {
    Stores stores = Stores.healthy();
    stores.remove(Descriptors.SESSION_INDEX);
    var found = new Diagnosis(diagnosis(stores).planning(), List.of(),
        Condition.Damaged.blocked(Reason.JOURNAL_DAMAGED, "damaged"), List.of());
    assertEquals(List.of(), found.foreseen(Consents.APPLY));
    assertEquals(List.of(RecoveryStep.CUT_JOURNAL, RecoveryStep.REBUILD_FROM_CANONICAL_DESTINATION),
        found.foreseen(new Consents(false, false, Set.of(), Set.of(), true)).stream().map(StepTaken::step).toList());
  }
}
