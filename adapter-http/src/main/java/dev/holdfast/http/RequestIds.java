package dev.holdfast.http;

import io.micronaut.http.HttpRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id that the node gives every request (spec A-6). It tells requests apart and protects nothing. */
public final class RequestIds {
  public static final String HEADER = "X-Request-Id";
  private static final String ATTRIBUTE = "holdfast.request-id";

  private static final Pattern KEPT = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestIds() {}

  /** The caller's own name of the request, or null when it gives none or not of the form that is kept (spec A-6). */
  public static @Nullable String ofClient(HttpRequest<?> request) {
    List<String> given = request.getHeaders().getAll(HEADER);
    return given.size() == 1 && KEPT.matcher(given.getFirst()).matches() ? given.getFirst() : null;
  }

  /** The request's id, made at the first question. */
  public static String of(HttpRequest<?> request) {
    String known = request.getAttribute(ATTRIBUTE, String.class).orElse(null);
    if (known != null) {
      return known;
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String fresh = HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
    request.setAttribute(ATTRIBUTE, fresh);
    return fresh;
  }
}
