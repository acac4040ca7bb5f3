package dev.holdfast.application.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.recovery.Finding;
import dev.holdfast.domain.integrity.recovery.Readiness;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** How far the node is: it starts, serves, drains. What is wrong with its store is remembered here as well. */
public final class NodeState {

  /** In this order, each at most once. */
  public enum Phase {
    STARTING,
    READY,
    DRAINING
  }

  private volatile Phase phase = Phase.STARTING;
  private volatile boolean poisoned;
  private volatile Readiness stores = Readiness.WHOLE;
  private final List<Runnable> whenDraining = new CopyOnWriteArrayList<>();
  private final List<Runnable> whenReloading = new CopyOnWriteArrayList<>();

  public Phase phase() {
    return phase;
  }

  public void enter(Phase next) {
    if (next.compareTo(phase) > 0) {
      phase = next;
      if (next == Phase.DRAINING) {
        whenDraining.forEach(Runnable::run);
      }
    }
  }

  /** Has the task run when the node begins to drain, after its phase says so. The task must not wait. */
  public void whenDraining(Runnable task) {
    whenDraining.add(task);
  }

  /** Has the task run whenever the node is told to look at its files again. */
  public void whenReloading(Runnable task) {
    whenReloading.add(task);
  }

  /** Looks at the files again that may change while the node runs, such as its certificate. */
  public void reload() {
    whenReloading.forEach(Runnable::run);
  }

  /** Lets the node tell that its store takes no more writes. */
  public void note(StoreException failure) {
    if (failure.reason() == Reason.STORE_POISONED) {
      poisoned = true;
    }
  }

  /** How the stores of the directory were found, or are now that they were mended. */
  public void found(Readiness standing) {
    stores = standing;
  }

  /** What is wrong with the stores of the directory. */
  public List<Finding> diagnostics() {
    return stores.diagnostics();
  }

  /** Why nothing may be changed now; empty when it may. */
  public Optional<Reason> refusalOfWrites() {
    if (poisoned) {
      return Optional.of(Reason.STORE_POISONED);
    }
    return stores.refusesMutations() ? Optional.of(stores.reason()) : Optional.empty();
  }

  /** The answer to a readiness check; store_manifest_valid when the node is ready. */
  public Reason readiness() {
    return switch (phase) {
      case STARTING -> Reason.NODE_STARTING;
      case DRAINING -> Reason.NODE_DRAINING;
      case READY -> poisoned ? Reason.STORE_POISONED : stores.reason();
    };
  }
}
