package dev.holdfast.cli.wiring;

import dev.holdfast.domain.WorkerId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Which sessions this process works in: a daemon in all, a command that runs one turn in its own worker's alone. */
public final class SessionsTaken implements Predicate<WorkerId> {
  private final boolean namedOnly;
  private final Set<WorkerId> named = ConcurrentHashMap.newKeySet();

  SessionsTaken(boolean namedOnly) {
    this.namedOnly = namedOnly;
  }

  public void add(WorkerId session) {
    named.add(session);
  }

  @Override
  public boolean test(WorkerId session) {
    return !namedOnly || named.contains(session);
  }
}
