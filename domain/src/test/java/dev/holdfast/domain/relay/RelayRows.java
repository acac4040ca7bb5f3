package dev.holdfast.domain.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.InferenceTask.Attempt;
import dev.holdfast.domain.relay.tasks.InferenceTask.Mode;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Rows of the relay for tests, each as plain as it can be or with every member. */
public final class RelayRows {
  public static final String URL = "https://example.org/v1";

  private RelayRows() {}

  public static PublicProvider plain(String name, Instant at) {
    return PublicProvider.of(Provider.idOf(name), Key.DEFAULT_SUBJECT,
        Offer.of(name, "m", Offer.Visibility.SHARED), URL, null, at);
  }

  /** With every member. */
  public static PublicProvider full(String name, Instant at) {
    return new PublicProvider(Provider.idOf(name), "an owner", fullOffer(name), URL, "env:KEY", false, 3, at,
        at.plusMillis(1));
  }

  public static Offer fullOffer(String name) {
    return new Offer(name, "pool", "openai", "org/model:7b", "slow", "a \ud83d\ude00 description",
        Offer.Visibility.PRIVATE, 7, Duration.ofSeconds(40), "sha256:" + "a".repeat(64));
  }

  /** Active, of {@link #publisher} of that digit. */
  public static VirtualProvider served(String name, char publisher, Instant at) {
    return new VirtualProvider(Provider.idOf(name), Key.DEFAULT_SUBJECT,
        Offer.of(name, "m", Offer.Visibility.PRIVATE), publisherId(publisher), VirtualProvider.Status.ACTIVE, true, at,
        null, at, at);
  }

  public static String publisherId(char digit) {
    return Publisher.idOf(String.valueOf(digit).repeat(Publisher.ID_DIGITS));
  }

  public static String secret(char digit) {
    return String.valueOf(digit).repeat(Publisher.SECRET_DIGITS);
  }

  /** One whose secret is that of the same digit. */
  public static Publisher publisher(char digit, Instant at) {
    return new Publisher(publisherId(digit), Key.DEFAULT_SUBJECT, Publisher.hash(secret(digit)), "a label", at, at, 2);
  }

  public static String taskId(int number) {
    return InferenceTask.idOf(String.format("%0" + InferenceTask.ID_DIGITS + "x", number));
  }

  public static InferenceTask task(int number, Mode mode, State state, Instant at) {
    return new InferenceTask(taskId(number), "model", "s" + number % 2,
        number % 3 == 0 ? null : "key-" + number, "/chat/completions",
        Json.object("messages", List.of(), "model", "model", "n", number), number % 2 == 0, mode, 1, state, at,
        at.plus(InferenceTask.DEADLINE));
  }

  /** One in each state and with each thing that may be missing, numbered from 1. */
  public static List<InferenceTask> inEveryState(Instant at) {
    var own = new Attempt(1, "p", null, at, 0);
    var far = new Attempt(2, "v", publisherId('a'), at.plusMillis(1), 7);
    List<State> states = List.of(new State.Pending(), new State.Claimed(own), new State.Running(far),
        new State.Completed(200, Json.object("a", 1), far, at), new State.Completed(200, null, own, at),
        new State.Failed(Reason.TASK_EXPIRED, null, null, at), new State.Failed(Reason.UPSTREAM_CUT, "a note", far, at),
        new State.Cancelled(null, at), new State.Cancelled(far, at));
    List<InferenceTask> tasks = new ArrayList<>();
    for (State state : states) {
      tasks.add(task(tasks.size() + 1, Mode.ASYNC, state, at));
    }
    return tasks;
  }

  public static UsageRecord used(long seq, Instant at) {
    boolean full = seq % 2 == 0;
    return new UsageRecord(seq, at, "request", full ? "a".repeat(16) : null, "model", full ? "p" : null, Mode.DIRECT,
        "completed", 3, 5, full, full ? Duration.ofNanos(12_000) : null, Duration.ofMillis(20));
  }
}
