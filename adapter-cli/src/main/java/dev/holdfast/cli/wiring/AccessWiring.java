package dev.holdfast.cli.wiring;

import dev.holdfast.application.access.Keys;
import dev.holdfast.domain.integrity.Store;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Who may do what. */
@Factory
final class AccessWiring {

  @Singleton
  Keys keys(Store store, InstantSource clock) {
    return new Keys(store, clock);
  }
}
