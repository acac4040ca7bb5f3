package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishing.Waking;
import org.jspecify.annotations.Nullable;

/**
 * A provider that a publisher serves.
 *
 * @param offer as the node hears of it
 * @param backend where its model is; neither its address nor its key leaves this machine
 * @param recipe that loads its model; null where there is none
 * @param initial HIBERNATING only with a recipe
 */
public record Serving(Offer offer, PublicProvider backend, @Nullable Waking recipe, Status initial) {
  public String name() {
    return offer.name();
  }

  /** Shows nothing of the backend's address. */
  @Override
  public String toString() {
    return "Serving[" + name() + "]";
  }
}
