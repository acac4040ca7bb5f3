package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.exports.Export;
import dev.holdfast.domain.integrity.exports.ExportSum;
import dev.holdfast.domain.integrity.pruning.PruneRequest;
import dev.holdfast.domain.integrity.pruning.PruneRules;
import dev.holdfast.domain.integrity.pruning.PruneSurvey;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.LifecycleRules;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were pruned are removed later, and nobody sees when. */
class SqliteReclaimTest extends KernelSuite {
  /** More than one step removes. */
  private static final int MANY = 1_500;

  @TempDir
  private Path folder;

  @Override
  protected Store open() {
    return SqliteStore.open(folder.resolve("db"), START);
  }

  @Override
  protected Store reopen(Store closing) {
    closing.close();
    return open();
  }

  private long count(String query) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("db/holdfast.db"));
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM " + query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private void awaitNone(String query) throws SQLException {
    for (long end = System.nanoTime() + Duration.ofSeconds(20).toNanos(); System.nanoTime() < end;) {
      if (count(query) == 0) {
        return;
      }
      Thread.onSpinWait();
    }
    fail("still there: " + count(query) + " " + query);
  }

  private void prune(PruneRequest request) {
    var survey = new PruneSurvey(request);
    while (read(survey::look)) {
      // Until there is nothing more to look at.
    }
    survey.found().workers().forEach(marks -> done(state -> PruneRules.ofWorker(state, marks)));
    done(state -> PruneRules.ofRuntime(state, survey.found(), null, now()));
  }

  @Test
  @DisplayName("what was pruned leaves the database step by step, the rest and what readers see stays as it was")
  void removed() throws SQLException {
    openRuntime();
    WorkerId ended = worker();
    for (int i = 0; i < MANY; i++) {
      send(ended, "input " + i);
      if (i % 50 == 49) {
        done(committing(completing(take(ended, HERE), "answer " + i)));
      }
    }
    wake(ended, "waits");
    end(ended, LifecycleRules.Ending.STOP);
    WorkerId running = worker();
    send(running, "said");
    done(committing(completing(take(running, HERE), "an answer")));
    wake(running, "said, too");
    var turn = take(running, HERE).turn();
    pass(Duration.ofSeconds(1));
    Instant before = now();
    long feed = read(state -> state.events(1, 100_000, ended)).size();
    prune(new PruneRequest(null, before, before, before, null, null, null));
    ExportSum sum = read(Export::sum);
    awaitNone("entry WHERE worker = 1");
    awaitNone("input WHERE worker = 1 AND content <> ''");
    awaitNone("batch WHERE worker = 1");
    awaitNone("output WHERE turn IN (SELECT id FROM turn WHERE worker = 1)");
    assertEquals(MANY, count("input WHERE worker = 1"), "they lead to the worker's events");
    assertEquals(feed, read(state -> state.events(1, 100_000, ended)).size());
    assertEquals(sum, read(Export::sum));

    prune(new PruneRequest(before, null, null, null, null, null, null));
    long upTo = read(EventReads::lastPrunedEvent);
    assertTrue(upTo > MANY);
    awaitNone("event WHERE id <= " + upTo);
    awaitNone("input WHERE worker = 1");
    String text = read(StateText::of);
    ExportSum after = read(Export::sum);
    nowAndAfterReopen(() -> {
      assertEquals(text, read(StateText::of));
      assertEquals(after, read(Export::sum));
      assertTrue(context(turn).containsAll(List.of("said", "an answer")));
    });
  }
}
