package dev.holdfast.http.integrity;

import dev.holdfast.application.workers.RuntimeCatalogue;
import dev.holdfast.http.Streams;
import dev.holdfast.http.access.Route;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What the node measures of itself: no content, no keys, no names that callers give (spec access §11). */
@Singleton
public final class Metrics {
  private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  /** One for each route and status that was ever answered, of which there are few. */
  private final Map<Answered, Timer> answers = new ConcurrentHashMap<>();
  private final RuntimeCatalogue catalogue;
  private final Streams streams;

  // Guarded by this.
  private boolean hasGauges;
  private RuntimeCatalogue.@Nullable Summary runtime;

  private record Answered(String action, int status) {}

  /** @param others who measure beside it */
  Metrics(RuntimeCatalogue catalogue, Streams streams, List<MeterBinder> others) {
    this.catalogue = catalogue;
    this.streams = streams;
    others.forEach(other -> other.bindTo(registry));
  }

  public void answered(Route route, int status, long nanos) {
    answers.computeIfAbsent(new Answered(route.action(), status), _ -> Timer.builder("holdfast.http.requests")
        .tag("route", route.name()).tag("status", Integer.toString(status)).register(registry))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  synchronized String text() {
    runtime = catalogue.summary();
    if (!hasGauges) {
      hasGauges = true;
      addGauges();
    }
    return registry.scrape();
  }

  /** Only a node that is asked for them pays for them. */
  private void addGauges() {
    gauge("holdfast.workers.running", summary -> summary.runtime().counts().running());
    gauge("holdfast.workers", summary -> summary.runtime().counts().total());
    gauge("holdfast.events.last", RuntimeCatalogue.Summary::lastEventId);
    Gauge.builder("holdfast.streams.open", streams, Streams::open).register(registry);
    FunctionCounter.builder("holdfast.streams.slow", streams, Streams::slow).register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private void gauge(String name, ToDoubleFunction<RuntimeCatalogue.Summary> value) {
    Gauge.builder(name, this, metrics -> metrics.of(value)).register(registry);
  }

  private synchronized double of(ToDoubleFunction<RuntimeCatalogue.Summary> value) {
    return runtime == null ? Double.NaN : value.applyAsDouble(runtime);
  }
}
