package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.publishers.PublisherChange;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.RelayReads;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Providers, publishers, tasks and what calls used. */
final class MemoryRelay implements RelayReads {
  private static final Comparator<InferenceTask> BY_ENQUEUED =
      Comparator.comparing(InferenceTask::enqueuedAt).thenComparing(InferenceTask::id);

  private final TreeMap<String, Provider> providers = new TreeMap<>();
  private final TreeMap<String, Publisher> publishers = new TreeMap<>();
  private final TreeMap<String, InferenceTask> tasks = new TreeMap<>();
  private final TreeMap<Long, UsageRecord> usage = new TreeMap<>();
  private @Nullable String defaultModel;

  void image(List<Change> rows) {
    providers.values().forEach(provider -> rows.add(ProviderChange.put(provider)));
    if (defaultModel != null) {
      rows.add(new ProviderChange.DefaultModelPut(defaultModel));
    }
    publishers.values().forEach(publisher -> rows.add(new PublisherChange.Put(publisher)));
    tasks.values().forEach(task -> rows.add(new TaskChange.Put(task)));
    usage.values().forEach(used -> rows.add(new TaskChange.Used(used)));
  }

  void apply(ProviderChange change) {
    switch (change) {
      case ProviderChange.PublicPut(PublicProvider provider) -> providers.put(provider.name(), provider);
      case ProviderChange.VirtualPut(VirtualProvider provider) -> providers.put(provider.name(), provider);
      case ProviderChange.Deleted(String name) -> providers.remove(name);
      case ProviderChange.DefaultModelPut(String name) -> defaultModel = name;
    }
  }

  void apply(PublisherChange change) {
    switch (change) {
      case PublisherChange.Put(Publisher publisher) -> publishers.put(publisher.id(), publisher);
      case PublisherChange.Deleted(String id) -> publishers.remove(id);
    }
  }

  void apply(TaskChange change) {
    switch (change) {
      case TaskChange.Put(InferenceTask task) -> tasks.put(task.id(), task);
      case TaskChange.Deleted(String id) -> tasks.remove(id);
      case TaskChange.Used(UsageRecord used) -> usage.put(used.seq(), used);
    }
  }

  @Override
  public Optional<Provider> provider(String name) {
    return Optional.ofNullable(providers.get(name));
  }

  @Override
  public List<Provider> providers(String after, int limit) {
    return providers.tailMap(after, false).values().stream().limit(limit).toList();
  }

  @Override
  public List<Provider> providersOf(String model) {
    return providers.values().stream().filter(provider -> provider.model().equals(model)).toList();
  }

  @Override
  public List<VirtualProvider> providersBy(String publisher) {
    return providers.values().stream().filter(VirtualProvider.class::isInstance).map(VirtualProvider.class::cast)
        .filter(provider -> provider.publisher().equals(publisher)).toList();
  }

  @Override
  public Optional<String> defaultModel() {
    return Optional.ofNullable(defaultModel);
  }

  @Override
  public Optional<Publisher> publisher(String id) {
    return Optional.ofNullable(publishers.get(id));
  }

  @Override
  public List<Publisher> publishers(String after, int limit) {
    return publishers.tailMap(after, false).values().stream().limit(limit).toList();
  }

  @Override
  public Optional<InferenceTask> task(String id) {
    return Optional.ofNullable(tasks.get(id));
  }

  @Override
  public List<InferenceTask> tasks(String after, int limit, @Nullable String owner) {
    return tasks.tailMap(after, false).values().stream()
        .filter(task -> owner == null || task.owner().equals(owner)).limit(limit).toList();
  }

  @Override
  public List<InferenceTask> openTasks(int limit) {
    return tasks.values().stream().filter(task -> !task.hasEnded()).sorted(BY_ENQUEUED).limit(limit).toList();
  }

  @Override
  public long lastUsage() {
    return usage.isEmpty() ? 0 : usage.lastKey();
  }

  @Override
  public List<UsageRecord> usage(long after, int limit) {
    return usage.tailMap(after, false).values().stream().limit(limit).toList();
  }
}
