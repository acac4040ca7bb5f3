package dev.holdfast.http.access;

import dev.holdfast.domain.Json;
import dev.holdfast.http.Answers;
import io.micronaut.context.annotation.Property;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** What the caller's own key is, and what all routes are. */
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class AccessController {
  private final @Nullable String version;
  private volatile @Nullable Json document;

  AccessController(@Property(name = "holdfast.version") @Nullable String version) {
    this.version = version;
  }

  @Get("/openapi.json")
  HttpResponse<byte[]> openApi() {
    Json known = document;
    if (known == null) {
      known = OpenApi.document(Routes.list());
      document = known;
    }
    return Answers.ok(known);
  }

  @Get("/api/v1/whoami")
  HttpResponse<byte[]> whoAmI(Call call) {
    return Answers.ok(KeyJson.whoAmI(call, version));
  }
}
