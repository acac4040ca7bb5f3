package dev.holdfast.cli.wiring;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.relay.PublisherCare;
import dev.holdfast.application.relay.Publishers;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.RelayRounds;
import dev.holdfast.application.relay.UsageLog;
import dev.holdfast.application.relay.assembly.RelayParts;
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
  RelayParts parts(
      UnitsOfWork units, NodeState node, @Named("upstream") ProviderCalls upstream, Ids ids, InstantSource clock) {
    return RelayParts.of(new RelayParts.Node(units, node, ids, clock), new ScriptedCalls(upstream, ids, clock),
        sharedPools);
  }

  @Singleton
  Relay.Present present(RelayParts parts) {
    return parts.present();
  }

  @Singleton
  @Bean(preDestroy = "close")
  UsageLog usage(RelayParts parts) {
    return parts.usage();
  }

  @Singleton
  Relay relay(RelayParts parts) {
    return parts.relay();
  }

  @Singleton
  PublisherCare publisherCare(RelayParts parts) {
    return parts.care();
  }

  @Singleton
  UsageReports usageReports(RelayParts parts) {
    return parts.reports();
  }

  /** It is closed before what it tells of its use. */
  @Singleton
  @Bean(preDestroy = "close")
  TaskDispatch taskDispatch(RelayParts parts, UsageLog usage) {
    return parts.dispatch();
  }

  @Singleton
  InferenceTasks inferenceTasks(RelayParts parts) {
    return parts.tasks();
  }

  @Singleton
  Models models(RelayParts parts) {
    return parts.models();
  }

  @Singleton
  Publishers publishers(RelayParts parts) {
    return parts.publishers();
  }

  /** They begin with the launch, as only a node has any. */
  @Singleton
  @Bean(preDestroy = "close")
  RelayRounds rounds(Relay.Present present, Publishers publishers, TaskDispatch tasks, NodeState node) {
    return new RelayRounds(present, publishers, new RelayRounds.OfTasks(tasks::tick, tasks::sweep), node);
  }
}
