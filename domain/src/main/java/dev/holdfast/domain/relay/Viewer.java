package dev.holdfast.domain.relay;

import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import java.util.List;

/**
 * In whose eyes models are there or not (spec ).
 *
 * @param models the names that the caller's key is bound to; empty for all
 * @param all whether it sees what others keep to themselves
 */
public record Viewer(String subject, List<String> models, boolean all) {
  public Viewer {
    models = List.copyOf(models);
  }

  /** @param subject in whose name the key's caller calls */
  public static Viewer of(Key key, String subject) {
    return new Viewer(subject, key.limits().models(), key.role() == Role.ADMIN);
  }

  /** Who calls a model for a worker: what the key that made the worker saw was settled then. */
  public static Viewer of(String subject) {
    return new Viewer(subject, List.of(), false);
  }

  public boolean sees(Provider provider) {
    String model = provider.model();
    if (!models.isEmpty()) {
      return models.contains(model);
    }
    return all || provider.offer().visibility() == Offer.Visibility.SHARED || provider.owner().equals(subject);
  }
}
