package dev.holdfast.http.integrity;

import dev.holdfast.application.Launch;
import dev.holdfast.application.integrity.Backups;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.StoreCare;
import dev.holdfast.application.integrity.StoreLaunch;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.backups.Backup;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Diagnosis;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The store as a whole: what it is, what is wrong with it, and mending it (spec integrity §14). */
@Controller("/api/v1/store")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class StoreController {
  private static final Duration AT_MOST = Duration.ofSeconds(60);
  private static final Duration DEEP_AT_MOST = Duration.ofHours(1);

  private final @Nullable StoreCare care;
  private final @Nullable Backups backups;
  private final Launch launch;
  private final NodeState node;

  /**
   * @param care null where the backend keeps nothing
   * @param backups likewise
   */
  StoreController(@Nullable StoreCare care, @Nullable Backups backups, Launch launch, NodeState node) {
    this.care = care;
    this.backups = backups;
    this.launch = launch;
    this.node = node;
  }

  @Get
  HttpResponse<?> show() {
    return Answers.ok(care().show(node, backups == null ? null : backups.last()));
  }

  @Get("/doctor")
  HttpResponse<?> doctor(Call call) {
    String deep = call.query().text("deep");
    if (deep != null && !deep.equals("true") && !deep.equals("false")) {
      throw new RefusalException(Outcome.refused(Reason.INVALID_QUERY, "field", "deep"));
    }
    return Answers.ok(examined("true".equals(deep)).json(care().backend(), poison()));
  }

  private Diagnosis examined(boolean deep) {
    return care().examine(deep, deep ? DEEP_AT_MOST : AT_MOST);
  }

  private @Nullable Reason poison() {
    return node.refusalOfWrites().filter(reason -> reason == Reason.STORE_POISONED).orElse(null);
  }

  /** The call leaves a record, and each step that is made one of its own. */
  @Post("/recover")
  HttpResponse<?> recover(Call call) {
    byte[] body = call.body();
    Consents consents = body.length == 0 ? Consents.NONE : Bodies.read(body, Consents::read);
    if (!consents.apply()) {
      care().record(call.audited());
      return Answers.ok(examined(false).json(consents));
    }
    if (poison() != null) {
      throw new RefusalException(Reason.STORE_POISONED);
    }
    StoreLaunch.Mended mended = launch.recover(call.audited(), consents).orElseThrow(StoreController::keepsNothing);
    return Answers.ok(examined(false).json(mended.steps()));
  }

  /** It is answered when the copy was made, opened and summed up. */
  @Post("/backup")
  HttpResponse<?> backup(Call call) {
    byte[] body = call.body();
    String label = body.length == 0 ? null : Bodies.read(body, StoreController::label);
    if (backups == null) {
      throw keepsNothing();
    }
    if (poison() != null) {
      throw new RefusalException(Reason.STORE_POISONED);
    }
    Backup made = backups.make(call.audited(), label, _ -> {
    });
    return Answers.ok(Json.object("backup_id", made.id(), "digest", made.sum().digest().text(), "records",
        made.sum().records(), "location", backups.location(made)));
  }

  private static @Nullable String label(JsonMembers members) {
    String label = members.optionalText("label");
    if (label != null && (label.isBlank() || label.length() > Backup.MAX_LABEL)) {
      throw members.wrong("label", "1 to " + Backup.MAX_LABEL + " characters");
    }
    return label;
  }

  private StoreCare care() {
    if (care == null) {
      throw keepsNothing();
    }
    return care;
  }

  private static RefusalException keepsNothing() {
    return new RefusalException(Outcome.refused(Reason.INVALID_REQUEST, "note", "the backend keeps nothing"));
  }
}
