package dev.holdfast.http.access;

import static dev.holdfast.domain.access.Role.ADMIN;
import static dev.holdfast.domain.access.Role.CONSUMER;
import static dev.holdfast.domain.access.Role.EXECUTOR;
import static dev.holdfast.domain.access.Role.OBSERVER;
import static dev.holdfast.domain.access.Role.OPERATOR;
import static dev.holdfast.domain.access.Role.PUBLISHER;
import static dev.holdfast.http.access.Route.Trait.CONTENT;
import static dev.holdfast.http.access.Route.Trait.FINISHES_WORK;
import static dev.holdfast.http.access.Route.Trait.MENDS;
import static dev.holdfast.http.access.Route.Trait.UNCOUNTED;
import static dev.holdfast.http.access.Route.Trait.UNRECORDED;

import dev.holdfast.domain.access.Role;
import java.util.ArrayList;
import java.util.List;

/** Every route of the node, and with {@link RelayRoutes} the only place that says who may call which: what isn't here doesn't exist. */
public final class Routes {
  private static final String WORKER = "/api/v1/workers/{id}";
  private static final String SESSION = "/api/v1/sessions/{id}";
  private static final String KEY = "/api/v1/keys/{key_id}";
  private static final Role[] BUT_PUBLISHER = {OPERATOR, OBSERVER, CONSUMER, EXECUTOR};
  static final Role[] ANY_OTHER = {OPERATOR, OBSERVER, CONSUMER, EXECUTOR, PUBLISHER};

  private static final List<Route> ALL = all();
  /** Passes without any check in a node that measures itself, so that it shows what the checks cost. */
  public static final String UNCHECKED = "/api/v1/bench/unchecked";
  /** Only in a node that measures itself (property {@code holdfast.bench}), so not in any document. */
  private static final List<Route> OF_BENCH = List.of(
      Route.post("bench.take", "/api/v1/bench/workers/{id}/inputs", "Take an input and store nothing", "WorkerInput",
          "Nothing").roles(ADMIN),
      Route.get("bench.check", "/api/v1/bench/checked", "Do nothing, behind all checks", "object")
          .roles(ADMIN, CONSUMER),
      Route.get("bench.pass", UNCHECKED, "Do nothing, behind none", "object"));

  private Routes() {}

  public static List<Route> list() {
    return ALL;
  }

  /** @param bench whether the node measures itself */
  public static List<Route> list(boolean bench) {
    if (!bench) {
      return ALL;
    }
    List<Route> more = new ArrayList<>(ALL);
    more.addAll(OF_BENCH);
    return List.copyOf(more);
  }

  private static List<Route> all() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(node());
    routes.addAll(runtime());
    routes.addAll(workers());
    routes.addAll(turns());
    routes.addAll(executors());
    routes.addAll(RelayRoutes.all());
    routes.addAll(access());
    routes.addAll(store());
    return List.copyOf(routes);
  }

  private static List<Route> node() {
    return List.of(
        Route.get("health.live", "/health/liveness", "Whether the process is alive", "Health"),
        Route.get("health.ready", "/health/readiness", "Whether the node takes work, and why not", "Readiness"),
        Route.get("metrics.read", "/metrics", "Metrics for Prometheus", "text").roles(ADMIN, OPERATOR, OBSERVER),
        Route.get("openapi.read", "/openapi.json", "This document", "object").roles(ADMIN, ANY_OTHER),
        Route.get("key.whoami", "/api/v1/whoami", "What the caller's key is and may do", "WhoAmI").roles(ADMIN,
            ANY_OTHER));
  }

  private static List<Route> access() {
    return List.of(
        Route.get("key.list", "/api/v1/keys", "The keys; whoever is no admin sees the own one", "KeyList")
            .roles(ADMIN, ANY_OTHER).query("after", "limit"),
        Route.get("key.show", KEY, "One key", "Key").roles(ADMIN, ANY_OTHER),
        Route.post("key.create", "/api/v1/keys", "Make a key; its text is told this once", "CreateKey", "KeyMade")
            .roles(ADMIN),
        Route.act("key.rotate", KEY + "/rotate", "Put a new key in the place of one", "RotateKey", "KeyMade")
            .roles(ADMIN),
        Route.act("key.revoke", KEY + "/revoke", "Revoke a key; whoever is no admin the own one", "Note", "Key")
            .roles(ADMIN, ANY_OTHER),
        Route.delete("key.remove", KEY, "Remove a key that can't be used any more", Route.NOTHING).roles(ADMIN),
        Route.get("audit.list", "/api/v1/audit", "What was done and refused, by whom", "AuditList")
            .roles(ADMIN, OPERATOR).query("after", "limit", "subject", "action"),
        Route.get("audit.head", "/api/v1/audit/head", "The newest record, to be noted elsewhere", "AuditHead")
            .roles(ADMIN, OPERATOR),
        Route.get("audit.verify", "/api/v1/audit/verify", "Check a page of the audit", "AuditCheck")
            .roles(ADMIN, OPERATOR).query("after", "head"));
  }

  private static List<Route> store() {
    return List.of(
        Route.get("store.show", "/api/v1/store", "What is kept, by which backend", "Store")
            .roles(ADMIN, OPERATOR, OBSERVER),
        Route.get("store.doctor", "/api/v1/store/doctor", "What is wrong with the store, and what would be done",
            "Diagnosis").roles(ADMIN, OPERATOR, OBSERVER).query("deep"),
        Route.act("store.recover", "/api/v1/store/recover", "Mend the store, or tell what would be done", "Recover",
            "Recovered").roles(ADMIN, OPERATOR).with(MENDS),
        Route.act("store.backup", "/api/v1/store/backup", "Make a backup, and prove it", "MakeBackup", "BackupMade")
            .roles(ADMIN, OPERATOR).with(MENDS));
  }

  private static List<Route> runtime() {
    return List.of(
        Route.get("runtime.show", "/api/v1/runtime", "The runtime", "RuntimeSummary").roles(ADMIN, BUT_PUBLISHER),
        Route.act("runtime.stop", "/api/v1/runtime/stop", "Stop the runtime and its workers", "Note", "RuntimeAck")
            .roles(ADMIN, OPERATOR),
        Route.act("runtime.start", "/api/v1/runtime/start", "Start the runtime again", "Note", "RuntimeAck")
            .roles(ADMIN, OPERATOR),
        Route.post("store.prune", "/api/v1/store/prune", "Prune what is old, or tell what would be", "Prune", "Pruned")
            .roles(ADMIN, OPERATOR),
        Route.get("diagnostic.list", "/api/v1/diagnostics", "What explains states of the runtime", "DiagnosticList")
            .roles(ADMIN, OPERATOR, OBSERVER).query("after", "limit", "severity", "worker_id"),
        Route.get("event.list", "/api/v1/events", "A page of the feed", "EventBatch").roles(ADMIN, BUT_PUBLISHER)
            .query("cursor", "limit", "worker_id", "runtime_id"),
        Route.get("event.locate", "/api/v1/events/cursor", "The feed's first or next place", "EventCursor")
            .roles(ADMIN, BUT_PUBLISHER)
            .query("at"),
        Route.stream("event.follow", "/api/v1/events/stream", "The feed as it grows", "event-stream")
            .roles(ADMIN, BUT_PUBLISHER)
            .query("cursor", "worker_id", "runtime_id"));
  }

  private static List<Route> workers() {
    return List.of(
        Route.get("worker.list", "/api/v1/workers", "The workers", "WorkerList").roles(ADMIN, BUT_PUBLISHER)
            .query("status", "after", "limit"),
        Route.post("worker.create", "/api/v1/workers", "Create a worker", "CreateWorkerRequest", "WorkerDetail")
            .roles(ADMIN, OPERATOR, CONSUMER),
        Route.get("worker.show", WORKER, "One worker", "WorkerDetail").roles(ADMIN, BUT_PUBLISHER).query("runtime_id"),
        Route.act("worker.stop", WORKER + "/stop", "Stop a worker", "Note", "LifecycleAck")
            .roles(ADMIN, OPERATOR, CONSUMER)
            .query("runtime_id"),
        Route.act("worker.cancel", WORKER + "/cancel", "Cancel a worker", "Note", "LifecycleAck")
            .roles(ADMIN, OPERATOR, CONSUMER)
            .with(FINISHES_WORK).query("runtime_id"),
        Route.get("transcript.read", WORKER + "/transcript", "A window on a worker's transcript", "Projection")
            .roles(ADMIN, BUT_PUBLISHER).with(CONTENT).query("start", "limit", "runtime_id"));
  }

  private static List<Route> turns() {
    return List.of(
        Route.post("input.send", WORKER + "/inputs", "Send an input to a worker", "WorkerInput", "InputAck")
            .roles(ADMIN, OPERATOR, CONSUMER).query("runtime_id"),
        Route.get("input.list", WORKER + "/inputs", "A worker's inputs", "InputList").roles(ADMIN, BUT_PUBLISHER)
            .query("state", "after", "limit", "runtime_id"),
        Route.get("input.show", WORKER + "/inputs/{input_id}", "One input", "Input").roles(ADMIN, BUT_PUBLISHER)
            .query("runtime_id"),
        Route.act("input.cancel", WORKER + "/inputs/{input_id}/cancel", "Cancel an input that waits", "CancelInput",
            "InputCancelled").roles(ADMIN, OPERATOR, CONSUMER).with(FINISHES_WORK).query("runtime_id"),
        Route.post("input.cancel_many", WORKER + "/inputs/cancel", "Cancel inputs that wait", "CancelInputs",
            "InputsCancelled").roles(ADMIN, OPERATOR, CONSUMER).with(FINISHES_WORK).query("runtime_id"),
        Route.post("wake.send", WORKER + "/wakes", "Wake a worker", "SendWake", "Batch")
            .roles(ADMIN, OPERATOR, CONSUMER).query("runtime_id"),
        Route.post("command.send", WORKER + "/commands", "Send a command to a worker's session", "SendCommand", "Batch")
            .roles(ADMIN, OPERATOR, CONSUMER).query("runtime_id"),
        Route.get("queue.list", WORKER + "/queue", "A worker's queued work", "BatchList").roles(ADMIN, BUT_PUBLISHER)
            .query("state", "after", "limit", "runtime_id"),
        Route.delete("queue.cancel", WORKER + "/queue/{batch_id}", "Cancel queued work that waits", "Batch")
            .roles(ADMIN, OPERATOR, CONSUMER).with(FINISHES_WORK).query("runtime_id"),
        Route.act("turn.cancel", "/api/v1/turns/{id}/cancel", "Ask to cancel a turn", "Note", "CancelRequested")
            .roles(ADMIN, OPERATOR, CONSUMER).with(FINISHES_WORK).query("wait", "timeout_ms"),
        Route.get("turn.list", WORKER + "/turns", "A worker's turns", "TurnList").roles(ADMIN, BUT_PUBLISHER)
            .query("after", "limit", "runtime_id"),
        Route.get("turn.show", "/api/v1/turns/{id}", "One turn", "TurnDetail").roles(ADMIN, BUT_PUBLISHER),
        Route.get("output.read", "/api/v1/turns/{id}/output", "A turn's output, as a page or as a stream", "OutputPage")
            .roles(ADMIN, BUT_PUBLISHER).with(CONTENT).query("after", "limit", "attempts"),
        Route.get("session.show", SESSION, "A worker's session", "Session").roles(ADMIN, BUT_PUBLISHER)
            .query("runtime_id"));
  }

  /**
   * The protocol of external executors (spec turns §11). What comes again and again within a turn is not counted. Who may not
   * read content is told so by the first call, rather than with a session in hand that it can do nothing for.
   */
  private static List<Route> executors() {
    return List.of(
        Route.get("work.await", "/api/v1/executor/work", "Wait for work of external executors", "WorkHints")
            .roles(ADMIN, EXECUTOR).with(CONTENT, UNCOUNTED).query("wait_ms", "limit"),
        Route.post("lease.acquire", SESSION + "/lease", "Take a session", "TakeLease", "Lease").roles(ADMIN, EXECUTOR)
            .with(CONTENT),
        Route.post("lease.reclaim", SESSION + "/lease/reclaim", "Take the session of a holder that is dead",
            "ReclaimLease", "Lease").roles(ADMIN, EXECUTOR).with(CONTENT),
        Route.post("lease.renew", SESSION + "/lease/renew", "Keep a session", "RenewLease", "Lease")
            .roles(ADMIN, EXECUTOR).with(UNCOUNTED, UNRECORDED, FINISHES_WORK),
        Route.post("lease.release", SESSION + "/lease/release", "Hand a session over", "ReleaseLease", Route.NOTHING)
            .roles(ADMIN, EXECUTOR).with(UNCOUNTED, FINISHES_WORK),
        Route.post("work.take", SESSION + "/next-work", "Claim a session's next work", "AskForWork", "NextWork")
            .roles(ADMIN, EXECUTOR).with(CONTENT, UNCOUNTED, UNRECORDED),
        Route.post("work.admit", SESSION + "/checkpoint-claims", "Claim what a turn takes in at a checkpoint",
            "ClaimAtCheckpoint", "CheckpointClaims").roles(ADMIN, EXECUTOR).with(CONTENT, UNCOUNTED, UNRECORDED),
        Route.post("work.abandon", SESSION + "/abandon", "Give a claim back", "Abandon", Route.NOTHING)
            .roles(ADMIN, EXECUTOR).with(UNCOUNTED, UNRECORDED, FINISHES_WORK),
        Route.get("context.read", SESSION + "/context", "What a turn shows its model call", "TurnContext")
            .roles(ADMIN, EXECUTOR).with(CONTENT, UNCOUNTED).query("turn_id"),
        Route
            .post("output.append", "/api/v1/turns/{id}/output", "Append to a turn's output", "AppendOutput", "Appended")
            .roles(ADMIN, EXECUTOR).with(UNCOUNTED, UNRECORDED, FINISHES_WORK),
        Route.post("work.commit", SESSION + "/commits", "Commit to a session", "Commit", "CommitResult")
            .roles(ADMIN, EXECUTOR).with(UNCOUNTED, UNRECORDED, FINISHES_WORK),
        Route.post("cancel.acknowledge", SESSION + "/cancel-ack", "Tell that a turn to cancel has stopped",
            "AcknowledgeCancel", "Cancel").roles(ADMIN, EXECUTOR).with(UNCOUNTED, UNRECORDED, FINISHES_WORK));
  }
}
