package dev.holdfast.http;

import io.micronaut.http.HttpRequest;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The id that the node gives every request (spec A-6). It tells requests apart and protects nothing. */
public final class RequestIds {
  public static final String HEADER = "X-Request-Id";
  private static final String ATTRIBUTE = "holdfast.request-id";

  private RequestIds() {}

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
