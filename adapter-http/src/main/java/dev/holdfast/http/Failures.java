package dev.holdfast.http;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a route throws becomes the refusal that it stands for; what nobody expected becomes internal. */
@Singleton
final class Failures implements ExceptionHandler<Throwable, HttpResponse<?>> {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  @Override
  @SuppressWarnings("rawtypes")
  public HttpResponse<?> handle(HttpRequest request, Throwable failure) {
    return Answers.refused(request, refusal(request, failure));
  }

  private Outcome.Refused<?> refusal(HttpRequest<?> request, Throwable failure) {
    return switch (failure) {
      case RefusalException refused -> refused.refusal();
      case JsonMembers.Mismatch mismatch -> mismatch.refusal();
      // The caller has left, or the node is going: nobody reads this.
      case InterruptedException _ -> Outcome.refused(Reason.NODE_DRAINING);
      case StoreException store -> {
        LOG.error("the store failed a request: {}", store.reason().code());
        yield Outcome.refused(store.reason());
      }
      default -> {
        // The message may hold what the caller sent, so only the type and the place are told.
        StackTraceElement[] trace = failure.getStackTrace();
        LOG.error("request {} failed: {} at {}", RequestIds.of(request), failure.getClass().getName(),
            trace.length == 0 ? "?" : trace[0]);
        yield Outcome.refused(Reason.INTERNAL);
      }
    };
  }
}
