package dev.holdfast.http.relay.tasks;

import dev.holdfast.application.relay.tasks.UsageReports;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.relay.tasks.UsageSums;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Query;
import dev.holdfast.http.Wire;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What calls used, as sums: of all calls for those who look after the node, of the own key's for others. */
@Controller("/api/v1/usage")
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class UsageController {
  private final UsageReports usage;

  UsageController(UsageReports usage) {
    this.usage = usage;
  }

  @Get
  HttpResponse<?> sums(Call call) {
    Role role = call.key().role();
    String key = role == Role.ADMIN || role == Role.OPERATOR ? null : call.key().id();
    UsageSums.By asked = call.query().constant("group_by", UsageSums.By.class);
    UsageSums.By by = asked == null ? UsageSums.By.ALL : asked;
    Map<String, UsageSums.Sum> sums =
        usage.sums(by, new UsageSums.Wanted(at(call.query(), "from"), at(call.query(), "to"), key));
    return Answers.ok(Json.object("group_by", Wire.of(by), "items",
        sums.entrySet().stream().map(entry -> sum(entry.getKey(), entry.getValue())).toList()));
  }

  private static Json sum(String group, UsageSums.Sum sum) {
    return Json.object("group", group, "calls", sum.calls(), "completed", sum.completed(), "input_tokens",
        sum.inputTokens(), "output_tokens", sum.outputTokens(), "estimated_calls", sum.estimated(), "total_ms",
        sum.total().toMillis());
  }

  /** An instant, or a day, which stands for its beginning in UTC. */
  private static @Nullable Instant at(Query query, String name) {
    String text = query.text(name);
    if (text == null) {
      return null;
    }
    try {
      return text.length() == "2026-01-01".length() ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw Query.wrong(name);
    }
  }
}
