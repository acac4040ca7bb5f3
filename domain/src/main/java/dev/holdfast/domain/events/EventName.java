package dev.holdfast.domain.events;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an event tells of. Names are only added, never renamed (spec W-52). */
public enum EventName {
  RUNTIME_STARTED("runtime.started"),
  RUNTIME_STOPPED("runtime.stopped"),
  WORKER_CREATED("worker.created"),
  WORKER_INPUT_ACCEPTED("worker.input_accepted"),
  WORKER_INPUT_CANCELLED("worker.input_cancelled"),
  WORKER_STOPPED("worker.stopped"),
  WORKER_CANCELLED("worker.cancelled"),
  WORKER_QUARANTINED("worker.quarantined"),
  WORKER_RECOVERED("worker.recovered"),
  TURN_STARTED("turn.started"),
  TURN_ATTEMPT_LOST("turn.attempt_lost"),
  TURN_RESUMED("turn.resumed"),
  TURN_COMPLETED("turn.completed"),
  TURN_INCOMPLETE("turn.incomplete"),
  TURN_FAILED("turn.failed"),
  TURN_CANCELLED("turn.cancelled"),
  TURN_CHECKPOINT_COMMITTED("turn.checkpoint_committed"),
  TURN_CANCEL_REQUESTED("turn.cancel_requested"),
  QUEUE_ENQUEUED("queue.enqueued"),
  QUEUE_BATCH_CANCELLED("queue.batch_cancelled"),
  QUEUE_COMMAND_APPLIED("queue.command_applied"),
  LEASE_ACQUIRED("lease.acquired"),
  LEASE_RELEASED("lease.released"),
  MODEL_PUBLIC_CREATED("model.public_created"),
  MODEL_PUBLIC_CHANGED("model.public_changed"),
  MODEL_PUBLIC_DELETED("model.public_deleted"),
  PUBLISHER_REGISTERED("publisher.registered"),
  PUBLISHER_ADOPTED("publisher.adopted"),
  PUBLISHER_LINK_OPENED("publisher.link_opened"),
  PUBLISHER_LINK_CLOSED("publisher.link_closed"),
  PUBLISHER_MARKED_INACTIVE("publisher.marked_inactive"),
  PUBLISHER_DELETED("publisher.deleted"),
  ACCESS_KEY_CREATED("access.key_created"),
  ACCESS_KEY_ROTATED("access.key_rotated"),
  ACCESS_KEY_REVOKED("access.key_revoked"),
  ACCESS_KEY_REMOVED("access.key_removed"),
  STORE_BATCH_RESOLVED("store.batch_resolved"),
  STORE_QUARANTINED("store.quarantined"),
  STORE_REBUILT("store.rebuilt"),
  STORE_BACKUP_DONE("store.backup_done"),
  STORE_PRUNED("store.pruned");

  private static final Map<String, EventName> BY_TEXT =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventName::text, Function.identity()));

  private final String text;

  EventName(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** @throws IllegalArgumentException when there is no such name */
  public static EventName of(String text) {
    EventName name = BY_TEXT.get(text);
    if (name == null) {
      throw new IllegalArgumentException("no event name: " + text);
    }
    return name;
  }
}
