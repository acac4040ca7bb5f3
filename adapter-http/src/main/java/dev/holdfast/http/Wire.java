package dev.holdfast.http;

import dev.holdfast.application.workers.Page;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.WorkerId;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;

/** Forms that many members share (spec A-2). */
public final class Wire {
  private Wire() {}

  /** RFC 3339, UTC, with milliseconds. */
  public static String at(Instant instant) {
    return Texts.instant(instant);
  }

  /** A worker's reference (spec W-1). */
  public static Json ref(RuntimeId runtime, WorkerId worker) {
    return Json.object("runtime_id", runtime.value(), "worker_id", worker.value());
  }

  /** One page of a list (spec A-10). */
  public static <T> Json page(Page<T> page, Function<? super T, Json> item) {
    return Json.object("items", page.items().stream().map(item).toList(), "next", page.next());
  }

  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
