package dev.holdfast.http.relay.tasks;

import dev.holdfast.application.relay.LiveTasks;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.UsageLog;
import dev.holdfast.application.relay.Wakes;
import dev.holdfast.application.relay.admission.Admissions;
import dev.holdfast.application.relay.tasks.TaskDispatch;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What calls of models take: how they ended, what they used, how long they waited for their first piece, who waits now. A model is
 * named by those who look after it; the names that callers make up count as one.
 */
@Singleton
final class RelayMetrics implements MeterBinder {
  private static final int MAX_MODELS = 100;
  private static final String OTHER = "other";
  private static final Pattern STATUS = Pattern.compile("status_([1-9])[0-9]{2}");
  private static final Duration[] FIRST_TOKEN = {Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
    Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2_500), Duration.ofSeconds(5),
    Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60)};

  private final Relay.Present present;
  private final Admissions admissions;
  private final UsageLog log;
  private final TaskDispatch tasks;
  private final Set<String> models = ConcurrentHashMap.newKeySet();
  private final Map<Ended, Counter> calls = new ConcurrentHashMap<>();
  private final Map<String, Used> used = new ConcurrentHashMap<>();

  private record Ended(String model, String outcome) {}

  private record Used(Counter input, Counter output, Timer first, Timer total) {}

  RelayMetrics(Relay.Present present, TaskDispatch tasks, UsageLog log) {
    this.present = present;
    this.admissions = present.admissions();
    this.tasks = tasks;
    this.log = log;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("holdfast.relay.links.open", present.links(), links -> links.publishers().size()).register(registry);
    Gauge.builder("holdfast.relay.attempts.open", present.tasks(), LiveTasks::count).register(registry);
    Gauge.builder("holdfast.relay.wakes.open", present.wakes(), Wakes::count).register(registry);
    Timer waits = Timer.builder("holdfast.relay.queue.wait").serviceLevelObjectives(FIRST_TOKEN).register(registry);
    admissions.whenServed(waits::record);
    log.whenUsed(record -> add(registry, record));
  }

  private void add(MeterRegistry registry, UsageRecord record) {
    String model = model(record);
    calls.computeIfAbsent(new Ended(model, outcome(record.outcome())), ended -> Counter.builder("holdfast.relay.calls")
        .tag("model", ended.model()).tag("outcome", ended.outcome()).register(registry)).increment();
    Used of = used.computeIfAbsent(model, name -> meters(registry, name));
    of.input().increment((double) record.inputTokens());
    of.output().increment((double) record.outputTokens());
    of.total().record(record.total());
    Duration first = record.firstToken();
    if (first != null) {
      of.first().record(first);
    }
  }

  private Used meters(MeterRegistry registry, String model) {
    if (!model.equals(OTHER)) {
      Gauge.builder("holdfast.relay.queue", admissions, waiting -> waiting.queued(model)).tag("model", model)
          .register(registry);
      Gauge.builder("holdfast.relay.tasks.waiting", tasks, waiting -> waiting.queued().getOrDefault(model, 0))
          .tag("model", model).register(registry);
    }
    return new Used(tokens(registry, model, "in"), tokens(registry, model, "out"),
        Timer.builder("holdfast.relay.first.token").tag("model", model).serviceLevelObjectives(FIRST_TOKEN)
            .register(registry),
        Timer.builder("holdfast.relay.call").tag("model", model).register(registry));
  }

  private static Counter tokens(MeterRegistry registry, String model, String direction) {
    return Counter.builder("holdfast.relay.tokens").tag("model", model).tag("direction", direction)
        .register(registry);
  }

  /** A name that no provider ever answered to is a caller's. */
  private String model(UsageRecord record) {
    if (models.contains(record.model())) {
      return record.model();
    }
    if (record.provider() == null || models.size() >= MAX_MODELS) {
      return OTHER;
    }
    models.add(record.model());
    return record.model();
  }

  private static String outcome(String outcome) {
    var status = STATUS.matcher(outcome);
    return status.matches() ? "status_" + status.group(1) + "xx" : outcome;
  }
}
