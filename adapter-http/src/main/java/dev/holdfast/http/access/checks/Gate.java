package dev.holdfast.http.access.checks;

import dev.holdfast.application.access.RefusalLog;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.http.Answers;
import dev.holdfast.http.RequestIds;
import dev.holdfast.http.access.Call;
import dev.holdfast.http.access.Remote;
import dev.holdfast.http.access.Route;
import dev.holdfast.http.access.RouteTable;
import dev.holdfast.http.access.Routes;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.annotation.PreMatching;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.UriRouteMatch;
import jakarta.inject.Named;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a request through the {@link Checks} or answers it, before any route is looked at by anybody else. It runs where
 * the request was read, which must never wait: what has to is handed to another thread, and a request with a known key
 * has nothing of that.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final CompletionStage<Optional<HttpResponse<?>>> PASSED =
      CompletableFuture.completedFuture(Optional.empty());

  private final Checks checks;
  private final Refusals refusals;
  private final Meter meter;
  private final Remote remote;
  private final ExecutorService waiting;
  private final boolean bench;
  private final RouteTable routes;

  Gate(Checks checks, Refusals refusals, Meter meter, Remote remote,
      @Named(TaskExecutors.BLOCKING) ExecutorService waiting,
      @Value("${holdfast.bench:false}") boolean bench) {
    this.checks = checks;
    this.refusals = refusals;
    this.meter = meter;
    this.remote = remote;
    this.waiting = waiting;
    this.bench = bench;
    this.routes = new RouteTable(Routes.list(bench));
  }

  /** @return the refusal, or nothing to let the request through */
  @PreMatching
  @RequestFilter
  CompletionStage<Optional<HttpResponse<?>>> admit(ServerHttpRequest<?> request) {
    if (bench && request.getPath().equals(Routes.UNCHECKED)) {
      return PASSED;
    }
    var arrival = new Arrival(request, routes);
    return switch (checks.judge(arrival, 0)) {
      case Checks.Found.Admitted _ -> admitted(arrival);
      case Checks.Found.Undecided(int check) -> elsewhere(() -> decided(arrival, check));
      case Checks.Found.Refused refused when refused.recorded() -> elsewhere(() -> refused(arrival, refused));
      case Checks.Found.Refused refused -> CompletableFuture.completedFuture(refused(arrival, refused));
    };
  }

  private CompletionStage<Optional<HttpResponse<?>>> elsewhere(Supplier<Optional<HttpResponse<?>>> work) {
    return CompletableFuture.supplyAsync(work, waiting);
  }

  private static CompletionStage<Optional<HttpResponse<?>>> admitted(Arrival arrival) {
    if (!arrival.route().isAnonymous()) {
      arrival.request().setAttribute(Call.ATTRIBUTE, arrival.call());
    }
    return PASSED;
  }

  /** On a thread that may wait. */
  private Optional<HttpResponse<?>> decided(Arrival arrival, int check) {
    arrival.letWait();
    return switch (checks.judge(arrival, check)) {
      case Checks.Found.Admitted _ -> {
        admitted(arrival);
        yield Optional.empty();
      }
      case Checks.Found.Refused refused -> refused(arrival, refused);
      case Checks.Found.Undecided _ -> throw new IllegalStateException("a check would wait where it may");
    };
  }

  private Optional<HttpResponse<?>> refused(Arrival arrival, Checks.Found.Refused refused) {
    ServerHttpRequest<?> request = arrival.request();
    Outcome.Refused<?> refusal = refused.refusal();
    if (refused.recorded()) {
      tell(request, arrival.audited(), refusal.reason());
    }
    MutableHttpResponse<byte[]> answer = Answers.refused(request, refusal);
    if (refusal.reason() == Reason.METHOD_NOT_ALLOWED) {
      answer.header("Allow", arrival.ofPath().stream().map(Route::method).distinct().sorted()
          .collect(Collectors.joining(", ")));
    }
    meter.settle(arrival.key(), arrival.rated(), refusal.reason(), answer);
    return Optional.of(answer);
  }

  private void tell(HttpRequest<?> request, Audited call, Reason reason) {
    try {
      refusals.add(call, reason, new RefusalLog.From(remote.address(request), remote.budget(request)));
    } catch (RuntimeException e) {
      // What is refused stays refused, also where nobody can be told.
      LOG.error("refusal of request {} left no record: {}", RequestIds.of(request), e.getClass().getName());
    }
  }

  /**
   * The route that was found is the one that was admitted, however its path was spelt; without an admission it is one for
   * everybody.
   */
  @RequestFilter
  @Nullable
  HttpResponse<?> confirm(HttpRequest<?> request) {
    String found = RouteAttributes.getRouteMatch(request)
        .map(match -> match instanceof UriRouteMatch<?, ?> uri ? uri.getRouteInfo().getUriMatchTemplate().toString()
            : "")
        .orElse(null);
    boolean right = request.getAttribute(Call.ATTRIBUTE, Call.class)
        .map(call -> call.route().template().equals(found))
        .orElseGet(() -> found == null || routes.isAnonymous(request.getMethodName(), found));
    return right ? null : Answers.refused(request, Reason.ROUTE_NOT_FOUND);
  }

  /** What a route refused of a call that would have changed something is told before it is answered. */
  @ResponseFilter
  CompletionStage<Optional<HttpResponse<?>>> finish(HttpRequest<?> request, MutableHttpResponse<?> response) {
    if (!response.getHeaders().contains(RequestIds.HEADER)) {
      response.header(RequestIds.HEADER, RequestIds.of(request));
    }
    Call call = request.getAttribute(Call.ATTRIBUTE, Call.class).orElse(null);
    if (call == null) {
      return PASSED;
    }
    Reason reason = Answers.refusal(request).orElse(null);
    meter.settle(call.key(), call.rated(), reason, response);
    if (reason == null || !call.route().isRecorded()) {
      return PASSED;
    }
    Supplier<Optional<HttpResponse<?>>> telling = () -> {
      tell(request, call.audited(), reason);
      return Optional.empty();
    };
    return Thread.currentThread().isVirtual()
        ? CompletableFuture.completedFuture(telling.get())
        : elsewhere(telling);
  }
}
