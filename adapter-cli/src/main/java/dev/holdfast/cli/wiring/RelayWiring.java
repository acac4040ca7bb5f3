package dev.holdfast.cli.wiring;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.relay.PublisherCare;
import dev.holdfast.application.relay.Publishers;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.RelayRounds;
import dev.holdfast.application.relay.UsageLog;
import dev.holdfast.application.relay.scripted.ScriptedCalls;
import dev.holdfast.application.relay.tasks.InferenceTasks;
import dev.holdfast.application.relay.tasks.TaskDispatch;
import dev.holdfast.application.relay.tasks.UsageReports;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.relay.ProviderCalls;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Models, who serves them, and the way to them: the scripted one here, all others through adapters. */
@Factory
final class RelayWiring {
  private final Set<String> sharedPools;

  RelayWiring(@Value("${holdfast.relay.shared-pools:}") List<String> sharedPools) {
    this.sharedPools = Set.copyOf(sharedPools);
  }

  @Singleton
  Relay.Present present(InstantSource clock) {
    return Relay.Present.of(clock);
  }

  @Singleton
  @Bean(preDestroy = "close")
  UsageLog usage(UnitsOfWork units) {
    return new UsageLog(units);
  }

  /** They begin with the launch, as only a node has any. */
  @Singleton
  @Bean(preDestroy = "close")
  RelayRounds rounds(Relay.Present present, Publishers publishers, TaskDispatch tasks, NodeState node) {
    return new RelayRounds(present, publishers, new RelayRounds.OfTasks(tasks::tick, tasks::sweep), node);
  }

  @Singleton
  Relay relay(
      UnitsOfWork units, @Named("upstream") ProviderCalls upstream, Relay.Present present, UsageLog usage, Ids ids,
      InstantSource clock) {
    return new Relay(units, new ScriptedCalls(upstream, ids, clock), present, usage, ids, clock);
  }

  @Singleton
  PublisherCare publisherCare(UnitsOfWork units, Relay.Present present, Ids ids, InstantSource clock) {
    return new PublisherCare(units, present, ids, clock);
  }

  @Singleton
  UsageReports usageReports(UnitsOfWork units) {
    return new UsageReports(units);
  }

  @Singleton
  @Bean(preDestroy = "close")
  TaskDispatch taskDispatch(
      UnitsOfWork units, Relay relay, Relay.Present present, UsageLog usage, NodeState node, InstantSource clock) {
    return new TaskDispatch(units, relay, present, usage, node, clock);
  }

  @Singleton
  InferenceTasks inferenceTasks(
      UnitsOfWork units, Relay relay, Relay.Present present, TaskDispatch dispatch, Ids ids, InstantSource clock) {
    return new InferenceTasks(units, relay, present.tasks(), dispatch, ids, clock);
  }

  @Singleton
  Models models(UnitsOfWork units, Relay relay, Relay.Present present, Ids ids, InstantSource clock) {
    return new Models(units, relay, present.admissions(), sharedPools, ids, clock);
  }

  @Singleton
  Publishers publishers(UnitsOfWork units, Relay.Present present, Ids ids, InstantSource clock) {
    return new Publishers(units, present, sharedPools, ids, clock);
  }
}
