package dev.holdfast.http.access;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Key;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Wire;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;

/** What the caller's own key is. */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AccessController {
  @Get("/whoami")
  HttpResponse<byte[]> whoAmI(Call call) {
    Key key = call.key();
    return Answers.ok(Json.object("key_id", key.id(), "subject", key.subject(), "role", key.role().text(), "content",
        key.content(), "label", key.label(), "models", List.of(), "limits", Json.EMPTY_OBJECT, "created_at",
        Wire.at(key.createdAt()), "expires_at", key.expiresAt() == null ? null : Wire.at(key.expiresAt())));
  }
}
