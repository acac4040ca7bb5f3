package dev.holdfast.cli.wiring;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.integrity.DirectoryInspection;
import dev.holdfast.domain.integrity.StrayFiles;
import dev.holdfast.domain.integrity.backups.BackupRestoring;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import io.micronaut.context.ApplicationContext;
import java.util.Map;
import java.util.Optional;

/**
 * A data directory seen from outside, beside the node that may hold it. Nothing of the framework shows here. There is nothing to
 * close, and closing the context would wake beans that listen for the end of a node, and open the directory for them.
 */
public final class Inspection {
  private final ApplicationContext context;

  private Inspection(ApplicationContext context) {
    this.context = context;
  }

  /**
   * Looks at nothing yet.
   *
   * @param store the backend's name
   */
  public static Inspection of(String store, String data) {
    return new Inspection(ApplicationContext.builder().deduceEnvironment(false).environments("inspection").banner(false)
        .properties(Map.of("holdfast.inspection", true, "holdfast.store", store, "holdfast.data", data)).start());
  }

  public DirectoryInspection directory() {
    return context.getBean(DirectoryInspection.class);
  }

  public Ids ids() {
    return context.getBean(Ids.class);
  }

  public BackupRestoring restoring() {
    return context.getBean(BackupRestoring.class);
  }

  public StrayFiles strays() {
    return context.getBean(StrayFiles.class);
  }

  /** Empty for a backend that keeps nothing. */
  public Optional<StoreInspection> store() {
    return context.findBean(StoreInspection.class);
  }
}
