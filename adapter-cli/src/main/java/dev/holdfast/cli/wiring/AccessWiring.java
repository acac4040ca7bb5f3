package dev.holdfast.cli.wiring;

import dev.holdfast.application.Launch;
import dev.holdfast.application.access.AuditTrail;
import dev.holdfast.application.access.InFlight;
import dev.holdfast.application.access.KeyCheck;
import dev.holdfast.application.access.Keys;
import dev.holdfast.application.access.Rates;
import dev.holdfast.application.access.RefusalLog;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.integrity.DataDirectory;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Who may do what, and what the audit says of it. */
@Factory
final class AccessWiring {

  @Singleton
  AuditKey auditKey(DataDirectory directory) {
    return directory.auditKey();
  }

  @Singleton
  KeyCheck keyCheck(UnitsOfWork units, InstantSource clock) {
    return new KeyCheck(units, clock);
  }

  @Singleton
  Keys keys(UnitsOfWork units, KeyCheck check, Ids ids, InstantSource clock) {
    return new Keys(units, check, ids, clock);
  }

  @Singleton
  AuditTrail auditTrail(UnitsOfWork units, AuditKey key, InstantSource clock) {
    return new AuditTrail(units, key, clock);
  }

  @Singleton
  RefusalLog refusals(UnitsOfWork units) {
    Executor later =
        CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES, task -> Thread.ofVirtual().start(task));
    return new RefusalLog(units, System::nanoTime, later);
  }

  @Singleton
  Launch.Access access(Keys keys, AuditTrail audit, RefusalLog refusals) {
    return new Launch.Access(keys, audit, refusals);
  }

  @Singleton
  InFlight inFlight() {
    return new InFlight();
  }

  @Singleton
  Rates rates(
      @Value("${holdfast.rates.requests:0}") int requests,
      @Value("${holdfast.rates.failed-checks:0}") int failedChecks) {
    Rates.Limits usual = Rates.Limits.DEFAULT;
    return new Rates(new Rates.Limits(requests > 0 ? requests : usual.requests(),
        failedChecks > 0 ? failedChecks : usual.failedChecks(), usual.names()), System::nanoTime);
  }
}
