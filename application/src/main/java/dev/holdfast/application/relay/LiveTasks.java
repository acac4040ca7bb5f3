package dev.holdfast.application.relay;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskRules;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The attempts that publishers are working on. What a publisher posts of another's, of an older one or of none finds nothing. */
public final class LiveTasks {
  private static final int MAX_TO_END = 10_000;

  private final Links links;
  private final InstantSource clock;
  /** Attempts that their publishers were told to end and haven't confirmed, for as long as their links live. */
  private final Map<String, ToEnd> toEnd = new ConcurrentHashMap<>();
  private final Map<String, Attempting> byId = new ConcurrentHashMap<>();

  /** @param over the link over which its publisher was told */
  private record ToEnd(TaskRules.Poster by, Link over) {}

  public LiveTasks(Links links, InstantSource clock) {
    this.links = links;
    this.clock = clock;
  }

  /**
   * @param over the link over which its publisher is about to be told; null where it has none
   * @param ended told of the task when its attempt has ended
   */
  Attempting begin(InferenceTask claimed, @Nullable Link over, Consumer<InferenceTask> ended) {
    var attempting = new Attempting(claimed, over, ended);
    byId.put(claimed.id(), attempting);
    return attempting;
  }

  void end(Attempting attempting) {
    byId.remove(attempting.task().id(), attempting);
  }

  private Outcome<Attempting> find(String id) {
    Attempting found = byId.get(id);
    return found == null ? Outcome.refused(Reason.TASK_NOT_FOUND) : new Outcome.Done<>(found);
  }

  /** Whoever has an attempt under way is there. */
  private <T> Outcome<T> heard(TaskRules.Poster by, Outcome<T> outcome) {
    if (!(outcome instanceof Outcome.Refused<T>)) {
      links.heard(by.publisher());
    }
    return outcome;
  }

  public Outcome<InferenceTask> received(String id, TaskRules.Poster by) {
    return switch (find(id)) {
      case Outcome.Refused<Attempting> refused -> refused.as();
      case Outcome<Attempting> found -> heard(by, found.orThrow().received(by));
    };
  }

  /** The publisher has ended an attempt as it was told to; it tells so once. */
  public Outcome<Boolean> cancelled(String id, TaskRules.Poster by) {
    ToEnd known = toEnd.get(id);
    boolean told = known != null && known.by().equals(by) && toEnd.remove(id, known);
    return heard(by, told ? new Outcome.Done<>(true) : Outcome.refused(Reason.TASK_NOT_FOUND));
  }

  /** Tells the publisher to end the attempt. */
  void tellToEnd(String id, TaskRules.Poster by) {
    Link over = links.link(by.publisher()).orElse(null);
    if (over == null) {
      return;
    }
    var told = new ToEnd(by, over);
    if (toEnd.size() < MAX_TO_END) {
      // First: it may be confirmed before this goes on.
      toEnd.put(id, told);
    }
    if (!over.push(new LinkFrame.Cancel(id, by.epoch()))) {
      toEnd.remove(id, told);
    }
  }

  /** Whether its publisher has yet to say that it has ended the attempt (spec R-36). */
  public boolean isToEnd(String id) {
    return toEnd.containsKey(id);
  }

  /** The task as it is in the middle of an attempt. */
  public Optional<InferenceTask> task(String id) {
    return Optional.ofNullable(byId.get(id)).map(Attempting::task);
  }

  /** Waits while the reader of the answer is behind. */
  public Outcome<InferenceTask> chunks(String id, TaskRules.Poster by, List<Chunk> chunks)
      throws InterruptedException {
    Outcome<Attempting> found = find(id);
    if (found instanceof Outcome.Refused<Attempting> refused) {
      return refused.as();
    }
    return heard(by, found.orThrow().chunks(by, chunks, clock.instant()));
  }

  public Outcome<InferenceTask> result(String id, TaskRules.Poster by, ProviderAnswer.Whole whole) {
    return switch (find(id)) {
      case Outcome.Refused<Attempting> refused -> refused.as();
      case Outcome<Attempting> found -> heard(by, found.orThrow().result(by, whole, clock.instant()));
    };
  }

  /** @param transport whether another provider may do better */
  public Outcome<InferenceTask> failed(
      String id, TaskRules.Poster by, boolean transport, Reason reason, @Nullable String note) {
    return switch (find(id)) {
      case Outcome.Refused<Attempting> refused -> refused.as();
      case Outcome<Attempting> found ->
        heard(by, found.orThrow().failed(by, transport, reason, note, clock.instant()));
    };
  }

  /**
   * A publisher's link is gone, and with it all that was sent over it and those which it had replaced (spec R-33). What went
   * over a later one goes on.
   */
  public void lost(Link ended) {
    toEnd.values().removeIf(told -> ended.carried(told.over()));
    each(attempting -> {
      if (attempting.isLostWith(ended)) {
        attempting.linkLost(clock.instant());
      }
    });
  }

  /** What time alone does; to be called about once in a second. */
  public void tick() {
    each(attempting -> {
      InferenceTask.Attempt attempt = attempting.task().attempt();
      if (attempting.tick(clock.instant()) && attempt != null && attempt.publisher() != null) {
        tellToEnd(attempting.task().id(), new TaskRules.Poster(attempt.publisher(), attempt.epoch()));
      }
    });
  }

  /** What can't be told of one attempt is thrown when all the others have had theirs. */
  private void each(Consumer<Attempting> does) {
    RuntimeException broke = null;
    for (Attempting attempting : byId.values()) {
      try {
        does.accept(attempting);
      } catch (RuntimeException e) {
        broke = e;
      }
    }
    if (broke != null) {
      throw broke;
    }
  }

  /** The names of the providers that publishers work for at present. */
  public Set<String> busy() {
    Set<String> names = new HashSet<>();
    for (Attempting attempting : byId.values()) {
      InferenceTask.Attempt attempt = attempting.task().attempt();
      if (attempt != null) {
        names.add(attempt.provider());
      }
    }
    return names;
  }

  public int count() {
    return byId.size();
  }
}
