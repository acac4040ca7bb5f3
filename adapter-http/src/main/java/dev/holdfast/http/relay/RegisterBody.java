package dev.holdfast.http.relay;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.http.relay.providers.OfferBody;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A publisher's registration as it is sent, without who it is. */
record RegisterBody(@Nullable String label, List<Registration.Entry> entries) {
  RegisterBody {
    entries = List.copyOf(entries);
  }

  static RegisterBody read(JsonMembers members) {
    return new RegisterBody(members.optionalText("label"), members.objects("providers", RegisterBody::entry));
  }

  private static Registration.Entry entry(JsonMembers members) {
    Offer offer = OfferBody.read(members, members.text("backend_model"), Offer.Visibility.PRIVATE);
    return new Registration.Entry(offer, members.constant("initial_status", Status.class, Status.ACTIVE));
  }

  /** What a heartbeat reports of some providers, as items of name and status. */
  static Map<String, Status> statuses(JsonMembers members) {
    Map<String, Status> statuses = new HashMap<>();
    members.objects("statuses", item -> statuses.put(item.text("name"), item.constant("status", Status.class)));
    return statuses;
  }
}
