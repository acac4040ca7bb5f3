package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.UnitScope;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.publishers.PublisherChange;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.retention.Pruned;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole store in memory: a fold over the changes of its units of work. It is the state of {@link MemoryStore}, and of
 * any store whose disk holds the units themselves. Not for use by several threads at once.
 */
public final class MemoryState extends MemoryTurns implements State {
  private final MemoryAccess access;
  private final MemoryRelay relay = new MemoryRelay();

  /** With its history in memory. */
  public MemoryState() {
    this(new HeapArchive());
  }

  /** Empty, with an archive that is as empty. */
  public MemoryState(Archive archive) {
    super(archive);
    this.access = new MemoryAccess(archive);
  }

  /** The same state again, with the same history, of which nothing is read. */
  public static MemoryState of(Image image, Archive archive) {
    var state = new MemoryState(archive);
    state.restore(image);
    state.access.restore(image.auditHead());
    image.rows().forEach(state::apply);
    return state;
  }

  /** All of it that isn't in its archive. */
  public Image image() {
    List<Change> rows = new ArrayList<>();
    image(rows);
    access.image(rows);
    relay.image(rows);
    List<Image.Lengths> lengths = new ArrayList<>();
    lengths(lengths);
    return new Image(lastEventId(), auditHead(), allWorkers(),
        new Image.Work(openTurns(), openInputs(), openBatches()), lengths, rows);
  }

  /**
   * Applies one unit of work, in its order.
   *
   * @throws IllegalArgumentException when the unit doesn't follow this state (an event id or transcript sequence that
   *     isn't the next, a change of an unknown kind); nothing is changed then, and nothing else can fail
   */
  public void apply(List<? extends Change> unit) {
    List<? extends Change> effective = losses.isNone()
        ? unit
        : unit.stream().filter(change -> !isOfDamaged(change)).toList();
    check(effective);
    effective.forEach(this::apply);
  }

  private boolean isOfDamaged(Change change) {
    return UnitScope.ofRows(this, change).filter(losses::isDamaged).isPresent();
  }

  /** Whether a unit would write rows of a worker that is quarantined for lost units; those would be left out. */
  public boolean isOfDamaged(List<? extends Change> unit) {
    return !losses.isNone() && unit.stream().anyMatch(this::isOfDamaged);
  }

  /**
   * A unit is lost that should be applied here. Its worker is quarantined, and of later units only what isn't its own is
   * applied (spec I-15).
   *
   * @throws IllegalArgumentException when the unit doesn't follow this state
   */
  public void miss(LostUnit unit) {
    requireNext("event id", unit.firstEvent(), lastEventId());
    access.lose(unit.audits());
    lose(unit);
  }

  /** What followed the last whole unit was cut off, and is kept under that name. */
  public void cut(String evidence) {
    losses.cut(evidence);
  }

  /** Goes on from an image of a state that had lost these units. */
  public void restoreLosses(List<LostUnit> lost, Collection<WorkerId> told) {
    losses.restore(lost, told);
    lost.stream().map(LostUnit::worker).filter(Objects::nonNull).forEach(this::workChanged);
  }

  /** The workers of whom an event says that they are damaged. */
  public Collection<WorkerId> toldDamaged() {
    return List.copyOf(losses.told());
  }

  /** Nothing more is replayed. */
  public void replayed() {
    recount();
  }

  private void check(List<? extends Change> unit) {
    long lastEvent = lastEventId();
    long lastAudit = auditHead().seq();
    Map<WorkerId, Long> lastEntries = new HashMap<>();
    for (Change change : unit) {
      switch (change) {
        case EventChange.Appended(Event event) -> requireNext("event id", event.id(), lastEvent++);
        case EventChange.Pruned(long upTo) -> lastEvent = Math.max(lastEvent, upTo);
        case AccessChange.AuditPruned(AuditHead anchor) -> lastAudit = Math.max(lastAudit, anchor.seq());
        case WorkerChange.PrunedPut(Pruned pruned) -> checkMarks(pruned, lastEntries);
        case AccessChange.Audited(AuditRecord entry) -> requireNext("audit record", entry.seq(), lastAudit++);
        case InputChange.Accepted(Input input) -> checkEntry(input.session(), input.transcriptSequence(), lastEntries);
        case WorkerChange.EntryAppended(TranscriptEntry entry) ->
          checkEntry(entry.worker(), entry.sequence(), lastEntries);
        case WorkerChange _,QueueChange _,InputChange _,LeaseChange _,TurnChange _,OutputChange _,ProviderChange _,PublisherChange _,TaskChange _,AccessChange _ -> {
          // Puts and appends, which no state contradicts.
        }
        default -> throw new IllegalArgumentException("a change of no known kind: " + change.getClass().getName());
      }
    }
  }

  private void checkMarks(Pruned next, Map<WorkerId, Long> lastEntries) {
    Pruned known = pruned(next.worker());
    if (!known.and(next).equals(next)) {
      throw new IllegalArgumentException("a mark of what was pruned goes back");
    }
    if (next.transcript() > transcriptLength(next.worker())) {
      lastEntries.put(next.worker(), next.transcript());
    }
  }

  private void checkEntry(WorkerId worker, long sequence, Map<WorkerId, Long> lastEntries) {
    Long known = lastEntries.get(worker);
    long last = known == null ? transcriptLength(worker) : known;
    requireNext("transcript sequence", sequence, last);
    lastEntries.put(worker, sequence);
  }

  private static void requireNext(String what, long number, long last) {
    if (number != last + 1) {
      throw new IllegalArgumentException(what + " " + number + " does not follow " + last);
    }
  }

  private void apply(Change change) {
    switch (change) {
      case WorkerChange worker -> apply(worker);
      case EventChange event -> apply(event);
      case InputChange input -> apply(input);
      case QueueChange queue -> apply(queue);
      case LeaseChange lease -> apply(lease);
      case TurnChange turn -> apply(turn);
      case OutputChange output -> apply(output);
      case ProviderChange provider -> relay.apply(provider);
      case PublisherChange publisher -> relay.apply(publisher);
      case TaskChange task -> relay.apply(task);
      case AccessChange keyOrRecord -> access.apply(keyOrRecord);
      default -> throw new IllegalStateException("checked before");
    }
  }

  @Override
  public Optional<Key> key(String id) {
    return access.key(id);
  }

  @Override
  public List<Key> keys(String after, int limit, @Nullable Role role) {
    return access.keys(after, limit, role);
  }

  @Override
  public long keyCount() {
    return access.keyCount();
  }

  @Override
  public AuditHead auditHead() {
    return access.auditHead();
  }

  @Override
  public AuditHead auditAnchor() {
    return access.auditAnchor();
  }

  @Override
  public List<AuditRecord> audit(long after, int limit, @Nullable String subject, @Nullable String action) {
    return access.audit(after, limit, subject, action);
  }

  @Override
  public Optional<Provider> provider(String name) {
    return relay.provider(name);
  }

  @Override
  public List<Provider> providers(String after, int limit) {
    return relay.providers(after, limit);
  }

  @Override
  public List<Provider> providersOf(String model) {
    return relay.providersOf(model);
  }

  @Override
  public List<VirtualProvider> providersBy(String publisher) {
    return relay.providersBy(publisher);
  }

  @Override
  public Optional<String> defaultModel() {
    return relay.defaultModel();
  }

  @Override
  public Optional<Publisher> publisher(String id) {
    return relay.publisher(id);
  }

  @Override
  public List<Publisher> publishers(String after, int limit) {
    return relay.publishers(after, limit);
  }

  @Override
  public Optional<InferenceTask> task(String id) {
    return relay.task(id);
  }

  @Override
  public List<InferenceTask> tasks(String after, int limit, @Nullable String owner) {
    return relay.tasks(after, limit, owner);
  }

  @Override
  public List<InferenceTask> openTasks(int limit) {
    return relay.openTasks(limit);
  }

  @Override
  public long lastUsage() {
    return relay.lastUsage();
  }

  @Override
  public List<UsageRecord> usage(long after, int limit) {
    return relay.usage(after, limit);
  }
}
