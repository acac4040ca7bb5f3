package dev.holdfast.http.access.checks;

import dev.holdfast.http.Answers;
import dev.holdfast.http.Query;
import dev.holdfast.http.RefusalException;

/** The query is as strict as a body: well encoded, and under {@code /api/v1} only what the route knows (spec ). */
final class KnownQuery implements Check {

  @Override
  public Verdict judge(Arrival arrival) {
    try {
      Query query = Query.parse(arrival.request().getUri().getRawQuery());
      if (!Answers.isOpenAi(arrival.request())) {
        query.requireKnown(arrival.route().query());
      }
      arrival.query(query);
      return Verdict.PASSED;
    } catch (RefusalException e) {
      return new Verdict.Refused(e.refusal());
    }
  }
}
