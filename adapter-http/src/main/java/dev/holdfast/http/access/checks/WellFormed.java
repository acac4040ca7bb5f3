package dev.holdfast.http.access.checks;

import dev.holdfast.domain.Reason;
import java.util.List;
import java.util.Set;

/** What the server's own reader lets pass of the forms in which two readers may see different requests (spec A-30). */
final class WellFormed implements Check {
  private static final Set<String> VERSIONS = Set.of("HTTP/1.0", "HTTP/1.1");

  @Override
  public Verdict judge(Arrival arrival) {
    var raw = arrival.raw();
    boolean known = VERSIONS.contains(raw.protocolVersion().text());
    List<String> codings = raw.headers().getAll("Transfer-Encoding");
    boolean readable = codings.isEmpty()
        || (codings.equals(List.of("chunked")) && !raw.headers().contains("Content-Length"));
    return Verdict.refusedUnless(known && readable, Reason.MALFORMED_REQUEST);
  }
}
