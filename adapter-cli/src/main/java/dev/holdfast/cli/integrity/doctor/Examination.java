package dev.holdfast.cli.integrity.doctor;

import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.integrity.StoreException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Checks that run side by side, none for longer than all may take: a disk that hangs is a finding, not a wait. */
final class Examination {
  private final Map<String, Supplier<Finding>> checks = new LinkedHashMap<>();
  private final Duration atMost;

  Examination(Duration atMost) {
    this.atMost = atMost;
  }

  Examination add(String name, Supplier<Finding> check) {
    checks.put(name, check);
    return this;
  }

  /** The findings, in the order in which the checks were added. */
  Map<String, Finding> run() throws InterruptedException {
    Map<String, CompletableFuture<Finding>> begun = new LinkedHashMap<>();
    checks.forEach((name, check) -> begun.put(name, begin(name, check)));
    long deadline = System.nanoTime() + atMost.toNanos();
    Map<String, Finding> findings = new LinkedHashMap<>();
    for (Map.Entry<String, CompletableFuture<Finding>> check : begun.entrySet()) {
      findings.put(check.getKey(), finding(check.getValue(), deadline));
    }
    return findings;
  }

  /** A thread of the platform's: what waits for a disk would hold one of the few that carry virtual threads. */
  private static CompletableFuture<Finding> begin(String name, Supplier<Finding> check) {
    var finding = new CompletableFuture<Finding>();
    Thread.ofPlatform().daemon().name("check-" + name).start(() -> {
      try {
        finding.complete(check.get());
      } catch (RuntimeException | Error e) {
        finding.completeExceptionally(e);
      }
    });
    return finding;
  }

  private Finding finding(CompletableFuture<Finding> check, long deadline) throws InterruptedException {
    try {
      return check.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return Finding.fail("no answer within " + atMost.toMillis() + " ms",
          "look at the disk and the load of this machine");
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case Refusal refusal -> Finding.fail(refusal.note(), null);
        case StoreException store -> Finding.fail(store.getMessage() + " (" + store.reason().code() + ")", null);
        case null, default -> Finding.fail("the check itself broke: " + e.getCause(), null);
      };
    }
  }
}
