package dev.holdfast.http.access;

import dev.holdfast.application.access.AuditTrail;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Wire;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** Reading the audit and having it checked. */
@Controller("/api/v1/audit")
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class AuditController {
  private final AuditTrail audit;

  AuditController(AuditTrail audit) {
    this.audit = audit;
  }

  @Get
  HttpResponse<?> list(Call call) {
    var page = new Listing(call.query().text("after"), call.query().whole("limit"));
    return Answers.of(call.request(), audit.list(page, call.query().text("subject"), call.query().text("action")),
        found -> Wire.page(found, AuditController::shown));
  }

  private static Json shown(AuditRecord entry) {
    var members = entry.shown().members();
    members.put("mac", entry.mac());
    return Json.of(members);
  }

  @Get("/head")
  HttpResponse<?> head() {
    return Answers.ok(shown(audit.head()));
  }

  private static Json shown(AuditHead head) {
    return Json.object("seq", head.seq(), "mac", head.mac());
  }

  /** One page of the check; who wants all of it goes on from {@code next}. */
  @Get("/verify")
  HttpResponse<?> verify(Call call) {
    String text = call.query().text("head");
    if (text == null) {
      return verify(call, null);
    }
    return switch (AuditTrail.readHead(text)) {
      case Outcome.Done<AuditHead>(AuditHead noted) -> verify(call, noted);
      case Outcome.Replayed<AuditHead>(AuditHead noted) -> verify(call, noted);
      case Outcome.Refused<AuditHead> refused -> Answers.refused(call.request(), refused);
    };
  }

  private HttpResponse<?> verify(Call call, @Nullable AuditHead noted) {
    return Answers.of(call.request(), audit.verify(call.query().position("after"), noted), AuditController::shown);
  }

  private static Json shown(AuditTrail.Verified verified) {
    return Json.object("verified_to", verified.to(), "next", verified.isOver() ? null : Long.toString(verified.to()),
        "fault", verified.fault() == null ? null : Wire.of(verified.fault()), "seq",
        verified.fault() == null ? null : verified.to() + 1, "head", shown(verified.head()));
  }
}
