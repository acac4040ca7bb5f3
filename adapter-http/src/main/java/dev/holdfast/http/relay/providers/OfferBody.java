package dev.holdfast.http.relay.providers;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.relay.Offer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a provider offers, as it is sent. */
public final class OfferBody {
  private OfferBody() {}

  /** @param visibility where nothing is said (spec R-4) */
  public static Offer read(JsonMembers members, String backendModel, Offer.Visibility visibility) {
    Integer inFlight = members.optionalWhole("max_in_flight");
    return new Offer(members.text("name"), members.optionalText("pool"),
        or(members.optionalText("api_type"), Offer.OPENAI), backendModel,
        or(members.optionalText("tier"), Offer.USUAL_TIER), members.optionalText("description"),
        members.constant("visibility", Offer.Visibility.class, visibility),
        inFlight == null ? Offer.USUAL_IN_FLIGHT : inFlight, wake(members), members.optionalText("artifact_digest"));
  }

  private static @Nullable Duration wake(JsonMembers members) {
    JsonMembers wake = members.optionalObject("wake");
    if (wake == null) {
      return null;
    }
    Duration within = Duration.ofSeconds(wake.whole("max_wait_s", Offer.USUAL_WAKE.toSeconds()));
    wake.end();
    return within;
  }

  private static String or(@Nullable String text, String absent) {
    return text == null ? absent : text;
  }
}
