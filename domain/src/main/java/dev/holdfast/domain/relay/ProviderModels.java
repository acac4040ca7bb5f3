package dev.holdfast.domain.relay;

import dev.holdfast.domain.Outcome;
import java.util.List;

/** Asks providers which models they have. */
public interface ProviderModels {

  /**
   * @param provider its backend model is not looked at
   * @return the models' names in alphabetical order, or provider_failed when the address doesn't list any
   */
  Outcome<List<String>> list(PublicProvider provider) throws InterruptedException;
}
