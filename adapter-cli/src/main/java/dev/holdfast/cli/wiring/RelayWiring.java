package dev.holdfast.cli.wiring;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.relay.ScriptedGateway;
import dev.holdfast.domain.relay.ModelGateway;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Models, and the way to them: the scripted one here, all others through the adapter that calls addresses. */
@Factory
final class RelayWiring {

  @Singleton
  Models models(UnitsOfWork units, InstantSource clock) {
    return new Models(units, clock);
  }

  @Singleton
  @Primary
  ModelGateway gateway(@Named("upstream") ModelGateway upstream) {
    return new ScriptedGateway(upstream);
  }
}
