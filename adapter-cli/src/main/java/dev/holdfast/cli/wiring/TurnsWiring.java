package dev.holdfast.cli.wiring;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.events.Places;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.turns.ExecutorLeases;
import dev.holdfast.application.turns.ExecutorSettings;
import dev.holdfast.application.turns.ExecutorTurns;
import dev.holdfast.application.turns.ExecutorWork;
import dev.holdfast.application.turns.OutputFeed;
import dev.holdfast.application.turns.TurnCancels;
import dev.holdfast.application.turns.TurnCatalogue;
import dev.holdfast.application.turns.TurnExecutor;
import dev.holdfast.application.turns.WorkQueues;
import dev.holdfast.application.turns.WorkerInputs;
import dev.holdfast.application.turns.responses.Responses;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.leases.ProcessTable;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.profiles.Profiles;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;

/** Inputs, turns, their output, and the built-in executor (spec turns §13). */
@Factory
final class TurnsWiring {
  private static final ExecutorSettings USUAL = ExecutorSettings.DEFAULT;

  @Singleton
  TurnLimits turnLimits(
      @Value("${holdfast.executor.lease-ttl:30s}") Duration leaseTtl,
      @Value("${holdfast.executor.turn-deadline:30m}") Duration deadline) {
    return new TurnLimits(leaseTtl, USUAL.limits().claimMax(), deadline, USUAL.limits().attemptsWithoutProgress());
  }

  @Singleton
  ExecutorSettings executorSettings(
      TurnLimits limits,
      @Value("${holdfast.executor.scan-every:5s}") Duration scanEvery,
      @Value("${holdfast.executor.max-running-turns:16}") int maxRunningTurns) {
    // A third of the lease's time, so that two renewals may fail before it is lost.
    Duration renewEvery = limits.leaseTtl().dividedBy(3);
    return new ExecutorSettings(limits, renewEvery, scanEvery, maxRunningTurns, USUAL.outputWindow(),
        USUAL.retryPauses());
  }

  @Singleton
  SessionsTaken sessionsTaken(@Value("${holdfast.executor.named-sessions-only:false}") boolean namedOnly) {
    return new SessionsTaken(namedOnly);
  }

  @Singleton
  TurnExecutor.Node executorNode(
      DataDirectory directory, Ids ids, InstantSource clock, Profiles profiles, NewsRoom news) {
    return new TurnExecutor.Node(Owner.builtin(directory.id(), directory.epoch()), ids, clock, profiles, news);
  }

  @Singleton
  @Bean(preDestroy = "close")
  TurnExecutor executor(UnitsOfWork units, Models models, ModelGateway gateway, TurnExecutor.Node node,
      ExecutorSettings settings, SessionsTaken taken) {
    return new TurnExecutor(units, models, gateway, node, settings, taken);
  }

  @Singleton
  TurnCancels turnCancels(
      UnitsOfWork units, TurnExecutor executor, NewsRoom news, NodeState node, InstantSource clock) {
    var waiting = new TurnCancels.Waiting(news, node, new Places(Places.Bounds.DEFAULT));
    return new TurnCancels(units, executor, waiting, clock);
  }

  @Singleton
  WorkerInputs workerInputs(UnitsOfWork units, TurnExecutor executor, WorkerLimits limits, InstantSource clock) {
    return new WorkerInputs(units, executor, limits, clock);
  }

  @Singleton
  WorkQueues workQueues(UnitsOfWork units, TurnExecutor executor, WorkerLimits limits, InstantSource clock) {
    return new WorkQueues(units, executor, limits, clock);
  }

  @Singleton
  TurnCatalogue turnCatalogue(UnitsOfWork units, InstantSource clock) {
    return new TurnCatalogue(units, clock);
  }

  @Singleton
  ExecutorLeases executorLeases(
      UnitsOfWork units, TurnExecutor executor, ProcessTable processes, Ids ids, InstantSource clock) {
    return new ExecutorLeases(units, executor, processes, ids, clock);
  }

  @Singleton
  ExecutorTurns executorTurns(UnitsOfWork units, TurnLimits limits, Profiles profiles, Ids ids, InstantSource clock) {
    return new ExecutorTurns(units, limits, profiles, ids, clock);
  }

  @Singleton
  ExecutorWork executorWork(UnitsOfWork units, NewsRoom news, NodeState node, InstantSource clock) {
    return new ExecutorWork(units, news, node, clock, new Places(Places.Bounds.DEFAULT));
  }

  @Singleton
  OutputFeed outputFeed(UnitsOfWork units, NewsRoom news) {
    return new OutputFeed(units, news);
  }

  @Singleton
  Responses.Turns turnsOfResponses(TurnExecutor executor, OutputFeed output, NewsRoom news, NodeState node) {
    return new Responses.Turns(executor, output, news, node);
  }

  @Singleton
  Responses responses(
      UnitsOfWork units, Responses.Turns turns, WorkerLimits limits, Profiles profiles, Ids ids, InstantSource clock) {
    return new Responses(units, turns, new WorkerRules.Terms(limits, profiles), ids, clock);
  }
}
