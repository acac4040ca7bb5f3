package dev.holdfast.fs.integrity.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.recovery.Action;
import dev.holdfast.domain.integrity.recovery.ActionKind;
import dev.holdfast.domain.integrity.recovery.Plan;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every byte of the stores' files, the manifest and the receipts of two launches. */
class FilesDamageTest {
  private static final Set<Reason> OF_FILES = EnumSet.of(Reason.QUARANTINED, Reason.FUTURE_SCHEMA,
      Reason.HASH_MISMATCH);
  private static final Set<Reason> OF_LISTS = EnumSet.of(Reason.MANIFEST_CORRUPT, Reason.RECEIPTS_CORRUPT,
      Reason.FUTURE_SCHEMA);

  private final Map<String, byte[]> files = new HashMap<>();
  private byte[] manifest = {};
  private byte[] receipts = {};

  @BeforeEach
  void write() throws IOException {
    Stores stores = Stores.healthy();
    stores.write(2, Stores.second()).orThrow();
    for (Descriptor store : Descriptors.ALL) {
      files.put(store.relativePath(), stores.file(store));
    }
    manifest = Objects.requireNonNull(WholeFiles.read(stores.folder().top(), StoreFolder.MANIFEST));
    receipts = Objects.requireNonNull(WholeFiles.read(stores.folder().top(), StoreFolder.RECEIPTS));
  }

  /** Tells each way in which a file may be damaged. */
  private static void eachDamage(byte[] file, Consumer<byte[]> to) {
    for (int at = 0; at < file.length; at++) {
      for (int bit : new int[] {0, 5}) {
        byte[] flipped = file.clone();
        flipped[at] ^= (byte) (1 << bit);
        to.accept(flipped);
      }
      if (at % 5 == 0) {
        to.accept(Arrays.copyOf(file, at));
        byte[] zeroed = file.clone();
        Arrays.fill(zeroed, at, zeroed.length, (byte) 0);
        to.accept(zeroed);
      }
    }
    to.accept(new byte[0]);
    to.accept(new byte[file.length]);
    to.accept(new byte[4_096]);
    byte[] garbage = new byte[file.length];
    Arrays.fill(garbage, (byte) 0xa7);
    to.accept(garbage);
    for (String trailing : List.of("\0", " x", "}", "{}", "garbage")) {
      byte[] more = trailing.getBytes(StandardCharsets.UTF_8);
      byte[] longer = Arrays.copyOf(file, file.length + more.length);
      System.arraycopy(more, 0, longer, file.length, more.length);
      to.accept(longer);
    }
    to.accept(new String(file, StandardCharsets.UTF_8).replaceFirst("\"schema_version\": ?1", "\"schema_version\": 99")
        .getBytes(StandardCharsets.UTF_8));
  }

  private static Planning plan(Survey survey) {
    return Planner.plan(survey, new Planner.Asked(new PlanId("hf-plan-0123456789abcdef"), Stores.DATA_DIR, null,
        Stores.NOW));
  }

  private static Plan planned(Survey survey) {
    return ((Planning.Planned) plan(survey)).plan();
  }

  private Survey withFile(String path, byte @Nullable [] bytes) {
    Map<String, byte[]> changed = new HashMap<>(files);
    if (bytes == null) {
      changed.remove(path);
    } else {
      changed.put(path, bytes);
    }
    return Survey.of(manifest, receipts, changed);
  }

  /** The other launch left entries of two runs, which alone is told of a store that is as it was. */
  private Map<String, Reason> found(Plan plan) {
    Map<String, Reason> found = new HashMap<>();
    for (Action action : plan.actions()) {
      if (action.kind() != ActionKind.NONE) {
        found.put(action.schemaName(), Objects.requireNonNull(action.reason()));
      }
    }
    return found;
  }

  @Test
  @DisplayName("I-A24, I-A39 (stores' files) each byte flipped, truncated, zeroed, appended, and a future schema: the finding is "
      + "about that store alone, and is right")
  void stores() {
    Map<String, Reason> whole = found(planned(Survey.of(manifest, receipts, files)));
    for (Descriptor store : Descriptors.ALL) {
      byte[] file = Objects.requireNonNull(files.get(store.relativePath()));
      eachDamage(file, damaged -> {
        assertFalse(Arrays.equals(file, damaged), "a damage that is none");
        Plan plan = planned(withFile(store.relativePath(), damaged));
        Map<String, Reason> found = found(plan);
        Reason reason = Objects.requireNonNull(found.get(store.schemaName()), store.schemaName());
        assertTrue(OF_FILES.contains(reason), () -> store.schemaName() + " " + reason);
        found.remove(store.schemaName());
        Map<String, Reason> others = new HashMap<>(whole);
        others.remove(store.schemaName());
        assertEquals(others, found);
        assertFalse(plan.manifestHealthy());
      });
      assertEquals(Reason.MISSING, found(planned(withFile(store.relativePath(), null))).get(store.schemaName()));
    }
  }

  @Test
  @DisplayName("I-A24, I-A39 (manifest, receipts) each byte: a corrupt list blocks, a wrong fact is found, and what isn't found "
      + "says nothing else than before")
  void lists() {
    Survey.Read whole = (Survey.Read) Survey.of(manifest, receipts, files);
    int corrupt = check(whole, manifest, damaged -> Survey.of(damaged, receipts, files))
        + check(whole, receipts, damaged -> Survey.of(manifest, damaged, files));
    assertTrue(corrupt > 1_000, () -> corrupt + " were told");
  }

  /** Makes a survey of damaged bytes. */
  @FunctionalInterface
  private interface Look {
    Survey at(byte[] damaged);
  }

  private int check(Survey.Read whole, byte[] file, Look look) {
    Map<String, Reason> before = found(planned(whole));
    int[] told = {0};
    eachDamage(file, damaged -> {
      Survey survey = look.at(damaged);
      switch (plan(survey)) {
        case Planning.NoPlan(Reason reason, _) -> {
          assertTrue(OF_LISTS.contains(reason), reason::code);
          told[0]++;
        }
        case Planning.Planned(Plan plan) -> {
          Survey.Read found = (Survey.Read) survey;
          if (!found(plan).equals(before)) {
            told[0]++;
          } else {
            assertEquals(whole.active(), found.active());
            assertEquals(whole.dataDirId(), found.dataDirId());
            assertEquals(whole.unresolved(), found.unresolved());
            assertEquals(whole.contents(), found.contents());
          }
        }
      }
    });
    return told[0];
  }
}
