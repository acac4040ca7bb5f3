package dev.holdfast.http;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store whose writes a test can make fail. */
public final class SwitchableStore implements Store {
  private final Store store;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean losesAnswer;
  private volatile @Nullable Error readFailure;

  SwitchableStore(Store store) {
    this.store = store;
  }

  /** Every write throws this from now on; none does when it is null. */
  public void failWrites(@Nullable StoreException with) {
    failure = with;
  }

  /** The next write is done, and nobody is told. */
  public void loseNextAnswer() {
    losesAnswer = true;
  }

  /** Every write throws this, which no store should. */
  public void breakWrites(RuntimeException with) {
    failure = with;
  }

  /** Every read throws this from now on; none does when it is null. */
  public void breakReads(@Nullable Error with) {
    readFailure = with;
  }

  @Override
  public <T> Outcome<T> write(Rule<T> rule) {
    RuntimeException now = failure;
    if (now != null) {
      throw now;
    }
    Outcome<T> outcome = store.write(rule);
    if (losesAnswer) {
      losesAnswer = false;
      throw StoreException.unknown("the answer is lost", null);
    }
    return outcome;
  }

  @Override
  public <T> T read(Function<? super State, T> query) {
    Error now = readFailure;
    if (now != null) {
      throw now;
    }
    return store.read(query);
  }

  @Override
  public String backend() {
    return store.backend();
  }

  @Override
  public void close() {
    store.close();
  }
}
