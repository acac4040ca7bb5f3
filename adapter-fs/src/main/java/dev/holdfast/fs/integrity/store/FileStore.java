package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.backups.StoreSnapshot;
import dev.holdfast.domain.integrity.fold.MemoryState;
import dev.holdfast.domain.integrity.records.format.BinaryOut;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import dev.holdfast.fs.integrity.disk.SyncFailure;
import dev.holdfast.fs.integrity.index.ImageFile;
import dev.holdfast.fs.integrity.journal.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store on plain files: what was committed is in the journal, and what can be looked through is in memory, as the fold over
 * it that {@link MemoryState} is. A reader waits for the group under way, so nobody ever sees what isn't on disk.
 */
public final class FileStore implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

  private final Place place;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final Groups groups;
  private final Images images;
  /** For who writes a group. */
  private final BinaryOut out = new BinaryOut();
  private volatile Fold fold;
  private boolean closed;
  private @Nullable StoreException poison;

  /** @param beside runs what is written beside the groups */
  FileStore(Place place, Fold fold, Executor beside) {
    this.place = place;
    this.fold = fold;
    this.images = new Images(place, lock.writeLock(), beside, () -> this.fold);
    this.groups = new Groups(lock.writeLock(), this::write);
  }

  /**
   * Opens what is there, and begins where nothing is.
   *
   * @throws StoreException journal_damaged, journal_truncated or store_corrupt where what was durable isn't as it was
   */
  public static FileStore open(Place place) {
    return open(place, 0);
  }

  /** @param low the number of a frame that the journal is known to have, 0 for none */
  public static FileStore open(Place place, long low) {
    try {
      Fold fold = Fold.open(place, low);
      fold.journal().removeReplaced();
      return new FileStore(place, fold, Thread.ofPlatform().daemon().name("journal-image")::start);
    } catch (IOException e) {
      throw DiskFailure.of("the journal could not be opened", e);
    }
  }

  @Override
  public <T> Outcome<T> write(Rule<T> rule) {
    if (lock.isWriteLockedByCurrentThread() || lock.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          lock.isWriteLockedByCurrentThread() ? "a rule may not write" : "a query may not write");
    }
    var command = new Command<>(rule);
    if (!wroteAlone(command)) {
      groups.add(command);
    }
    return command.await();
  }

  /** When nobody waits the caller writes its own unit, which saves the hand-over between threads. */
  private boolean wroteAlone(Command<?> command) {
    // Whoever waits for the lock would otherwise be passed again and again by callers that run.
    if (!groups.isEmpty() || lock.hasQueuedThreads() || !lock.writeLock().tryLock()) {
      return false;
    }
    try {
      write(List.of(command));
    } finally {
      lock.writeLock().unlock();
    }
    return true;
  }

  /** Gives every command of a group its answer. */
  void write(List<? extends Command<?>> group) {
    lock.writeLock().lock();
    try {
      writeLocked(group);
    } catch (RuntimeException | Error e) {
      group.stream().filter(command -> !command.hasFailed()).forEach(command -> command.failed(e));
    } finally {
      leaveOutDamage(fold);
      lock.writeLock().unlock();
      group.forEach(Command::answer);
    }
  }

  private void writeLocked(List<? extends Command<?>> group) {
    requireUsable();
    try {
      fold.journal().prepare();
    } catch (SyncFailure e) {
      throw poisoned(e);
    } catch (IOException e) {
      throw DiskFailure.of("the journal could not be made longer", e);
    }
    List<Unit> units = new ArrayList<>(group.size());
    boolean applied = false;
    try {
      long position = fold.journal().end();
      for (Command<?> command : group) {
        Unit unit = command.run(fold, position, out);
        if (unit != null) {
          units.add(unit);
          position += unit.size();
        }
      }
      if (!units.isEmpty()) {
        fold.journal().append(units);
        fold.written();
      }
      applied = true;
      images.whenDue(fold);
    } catch (SyncFailure e) {
      throw poisoned(e);
    } catch (IOException e) {
      throw DiskFailure.of("the journal could not be written", e);
    } finally {
      if (!applied && poison == null) {
        takeBack();
      }
    }
  }

  /** From now on nobody knows what is on disk, and nothing is written any more (spec I-8). */
  private StoreException poisoned(SyncFailure why) {
    poison = StoreException.poisoned(why.getCause());
    return poison;
  }

  /** A unit that is met damaged when it is read quarantines its worker, as it would have at the start (spec I-15). */
  private boolean leaveOutDamage(Fold seen) {
    lock.writeLock().lock();
    try {
      if (!fold.equals(seen)) {
        return true;
      }
      if (closed || poison != null || !fold.hasMetDamage()) {
        return false;
      }
      LOG.error("the journal or its index is damaged; the whole journal is read");
      long low = fold.journal().mark().frame();
      // The next start, too, has to read what the images cover.
      ImageFile.forget(place.index());
      fold.close();
      fold = Fold.whole(place, low);
      return true;
    } catch (StoreException e) {
      poison = e;
      return false;
    } catch (IOException e) {
      poison = DiskFailure.of("the journal could not be read", e);
      return false;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The fold is ahead of the journal, so it is made anew from that. */
  private void takeBack() {
    try {
      fold.journal().undo();
      fold.close();
      fold = Fold.open(place);
    } catch (IOException | RuntimeException e) {
      poison = StoreException.poisoned(e);
    }
  }

  private void requireUsable() {
    if (closed) {
      throw StoreException.closed();
    }
    if (poison != null) {
      throw StoreException.unusable(poison.reason(), String.valueOf(poison.getMessage()), poison);
    }
  }

  /** Everybody waits meanwhile, so it is for a store whose node is stopped. */
  @Override
  public void compact() {
    lock.writeLock().lock();
    try {
      images.await();
      requireUsable();
      Fold before = fold;
      fold = Compaction.run(place, before);
      before.close();
      fold.journal().removeReplaced();
    } catch (SyncFailure e) {
      throw poisoned(e);
    } catch (IOException e) {
      throw DiskFailure.of("the journal could not be compacted", e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public <T> T read(Function<? super State, T> query) {
    Fold seen = fold;
    try {
      return look(query);
    } catch (StoreException e) {
      if (e.reason() != Reason.STORE_CORRUPT || lock.getReadHoldCount() > 0 || !leaveOutDamage(seen)) {
        throw e;
      }
      return look(query);
    }
  }

  private <T> T look(Function<? super State, T> query) {
    lock.readLock().lock();
    try {
      // What is in memory may not be on disk once a sync has failed.
      requireUsable();
      return query.apply(fold.state());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Where the journal stands; within a query it is as the state is. */
  public JournalStanding journal() {
    lock.readLock().lock();
    try {
      requireUsable();
      return new JournalStanding(fold.journal().mark().frame(), fold.journal().sealed());
    } finally {
      lock.readLock().unlock();
    }
  }

  StoreSnapshot snapshot() {
    return new FileStoreSnapshot(this, place.journal());
  }

  /** The files of the journal and how many of their bytes hold what was acknowledged, at one point. */
  SortedMap<String, Long> journalFiles() throws IOException {
    lock.readLock().lock();
    try {
      requireUsable();
      return fold.journal().files();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public String backend() {
    return "filesystem";
  }

  @Override
  public void close() {
    groups.close();
    lock.writeLock().lock();
    try {
      images.await();
      if (!closed) {
        closed = true;
        if (poison == null) {
          images.last(fold);
        }
        fold.close();
      }
    } catch (IOException e) {
      throw DiskFailure.of("the journal could not be closed", e);
    } finally {
      lock.writeLock().unlock();
    }
  }
}
