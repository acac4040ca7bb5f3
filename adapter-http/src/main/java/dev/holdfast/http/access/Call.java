package dev.holdfast.http.access;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Rated;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.http.Query;
import dev.holdfast.http.RefusalException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.body.CloseableAvailableByteBody;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request that the gate has let through: who calls, and with which query.
 *
 * @param caller whose call it is
 * @param audited what the audit will say of the call
 * @param rated what the call took of its key's requests; null where the route isn't counted
 * @param began the monotonic clock's reading at the gate, in ns
 */
public record Call(ServerHttpRequest<?> request, Route route, Caller caller, Query query, Audited audited,
    Rated.@Nullable Admitted rated, long began) {
  public static final String ATTRIBUTE = "holdfast.call";
  /** In whose name an admin calls (spec A-23). */
  public static final String ON_BEHALF_OF = "X-On-Behalf-Of";
  private static final int MAX_IDEMPOTENCY_KEY = 200;
  private static final Pattern VERSION = Pattern.compile("\"([0-9]{1,9})\"");

  /**
   * Whose call it is.
   *
   * @param onBehalfOf the subject that an admin names to act as, or null
   */
  public record Caller(Key key, @Nullable String onBehalfOf) {

    /** In whose name the call is made, and what it makes. */
    public String subject() {
      return onBehalfOf == null ? key.subject() : onBehalfOf;
    }
  }

  public Key key() {
    return caller.key();
  }

  /** The subject whose objects the caller may see; null when it may see all (spec access §3). */
  public @Nullable String subject() {
    if (caller.onBehalfOf() != null) {
      return caller.onBehalfOf();
    }
    return switch (key().role()) {
      case ADMIN, OPERATOR, OBSERVER -> null;
      case CONSUMER, EXECUTOR, PUBLISHER -> key().subject();
    };
  }

  /** The workers that the caller reaches: an executor only those that are run from outside (spec A-24). */
  public Reach reach() {
    return new Reach(subject(), key().role() == Role.EXECUTOR);
  }

  /**
   * The body; empty when there is none. Waits for it, so it is for threads that may.
   *
   * @throws RefusalException when it is too large, comes too slowly, or breaks off
   */
  public byte[] body() {
    try (CloseableAvailableByteBody whole = request.byteBody().buffer().get()) {
      return whole.toByteArray();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusalException refused) {
        throw refused;
      }
      throw new RefusalException(e.getCause() instanceof ContentLengthExceededException
          ? Reason.BODY_TOO_LARGE
          : Reason.MALFORMED_REQUEST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusalException(Reason.NODE_DRAINING);
    }
  }

  /** Whether the caller wants an event stream where a route has both. */
  public boolean asksForStream() {
    return asksForStream(request);
  }

  public static boolean asksForStream(HttpRequest<?> request) {
    return request.getHeaders().getAll("Accept").stream().anyMatch(a -> a.contains(MediaType.TEXT_EVENT_STREAM));
  }

  /** Who an event names as its cause. */
  public String actor() {
    return key().id();
  }

  /** Whether members that are content may be shown (spec A-20). */
  public boolean showsContent() {
    return key().content();
  }

  public boolean isAdmin() {
    return key().role() == Role.ADMIN;
  }

  /** Whether providers' addresses and the places of their keys may be shown. */
  public boolean showsAddresses() {
    return isAdmin();
  }

  /** The runtime that the caller named, or null (spec W-1). */
  public @Nullable RuntimeId runtime() {
    String text = query.text("runtime_id");
    if (text == null) {
      return null;
    }
    try {
      return new RuntimeId(text);
    } catch (IllegalArgumentException e) {
      throw Query.wrong("runtime_id");
    }
  }

  /** The caller's {@code Idempotency-Key}, or null (spec A-7). */
  public @Nullable String idempotencyKey() {
    var values = request.getHeaders().getAll("Idempotency-Key");
    if (values.isEmpty()) {
      return null;
    }
    String value = values.getFirst();
    boolean visible = value.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    if (values.size() > 1 || value.isEmpty() || value.length() > MAX_IDEMPOTENCY_KEY || !visible) {
      throw new RefusalException(Outcome.invalid("Idempotency-Key"));
    }
    return value;
  }

  /** The version that the caller wants to change, or null for any (spec A-14). */
  public @Nullable Integer ifMatch() {
    var values = request.getHeaders().getAll("If-Match");
    if (values.isEmpty() || values.equals(List.of("*"))) {
      return null;
    }
    Matcher version = VERSION.matcher(values.getFirst());
    if (values.size() > 1 || !version.matches()) {
      throw new RefusalException(Outcome.invalid("If-Match"));
    }
    return Integer.valueOf(version.group(1));
  }

  public WorkerRules.Caller creator() {
    return new WorkerRules.Caller(caller.subject(), key().id(), idempotencyKey(), key().limits().models());
  }

  public InputRules.Sender sender(WorkerId worker) {
    return new InputRules.Sender(runtime(), worker, subject(), key().id());
  }

  /** @throws RefusalException with invalid_worker_id */
  public static WorkerId worker(String text) {
    try {
      return WorkerId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RefusalException(Reason.INVALID_WORKER_ID);
    }
  }

  /** The worker that the query names, or null. */
  public @Nullable WorkerId workerInQuery() {
    String text = query.text("worker_id");
    return text == null ? null : worker(text);
  }

  /** No turn has a name of another form, so such a name is an unknown one. */
  public static TurnId turn(String text) {
    try {
      return TurnId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RefusalException(Reason.TURN_NOT_FOUND);
    }
  }
}
