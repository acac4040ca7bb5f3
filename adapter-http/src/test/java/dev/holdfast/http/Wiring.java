package dev.holdfast.http;

import dev.holdfast.application.Launch;
import dev.holdfast.application.access.AuditTrail;
import dev.holdfast.application.access.InFlight;
import dev.holdfast.application.access.KeyCheck;
import dev.holdfast.application.access.Keys;
import dev.holdfast.application.access.Rates;
import dev.holdfast.application.access.RefusalLog;
import dev.holdfast.application.events.EventFeed;
import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.events.Places;
import dev.holdfast.application.integrity.Backups;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.Pruning;
import dev.holdfast.application.integrity.StoreCare;
import dev.holdfast.application.integrity.StoreLaunch;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.relay.PublisherCare;
import dev.holdfast.application.relay.Publishers;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.UsageLog;
import dev.holdfast.application.relay.assembly.RelayParts;
import dev.holdfast.application.relay.scripted.ScriptedCalls;
import dev.holdfast.application.relay.tasks.InferenceTasks;
import dev.holdfast.application.relay.tasks.TaskDispatch;
import dev.holdfast.application.relay.tasks.UsageReports;
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
import dev.holdfast.application.workers.RuntimeCatalogue;
import dev.holdfast.application.workers.WorkerCatalogue;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.batches.MapFolder;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.integrity.rebuild.KnownSources;
import dev.holdfast.domain.integrity.recovery.MapStoreFiles;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.profiles.Profiles;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** A node in memory, wired as the composition root wires a real one. */
@Factory
final class Wiring {
  private static final Identities RUN = HealthyContents.identities(1);

  private final SecureRandom random = new SecureRandom();

  /** Micronaut has a clock of its own. */
  @Singleton
  @Primary
  TestTime clock() {
    return new TestTime();
  }

  @Singleton
  Ids ids() {
    return digits -> {
      var bytes = new byte[(digits + 1) / 2];
      random.nextBytes(bytes);
      return HexFormat.of().formatHex(bytes).substring(0, digits);
    };
  }

  @Singleton
  @Bean(preDestroy = "close")
  SwitchableStore store() {
    return new SwitchableStore(new MemoryStore());
  }

  @Singleton
  NewsRoom news() {
    return new NewsRoom();
  }

  @Singleton
  UnitsOfWork units(
      Store store, NewsRoom news, NodeState node, DataDirectory directory, InstantSource clock) {
    return new UnitsOfWork(store, news, node, directory.auditKey(), clock);
  }

  @Singleton
  EventFeed feed(Store store, NewsRoom news) {
    return new EventFeed(store, news);
  }

  @Singleton
  OutputFeed output(UnitsOfWork units, NewsRoom news) {
    return new OutputFeed(units, news);
  }

  @Singleton
  KeyCheck keyCheck(UnitsOfWork units, InstantSource clock) {
    return new KeyCheck(units, clock);
  }

  @Singleton
  Keys keys(UnitsOfWork units, KeyCheck check, Ids ids, InstantSource clock) {
    return new Keys(units, check, ids, clock);
  }

  @Singleton
  AuditTrail audit(UnitsOfWork units, DataDirectory directory, InstantSource clock) {
    return new AuditTrail(units, directory.auditKey(), clock);
  }

  @Singleton
  RefusalLog refusals(UnitsOfWork units, TestTime time) {
    return new RefusalLog(units, time, _ -> {
    });
  }

  @Singleton
  Launch.Access access(Keys keys, AuditTrail audit, RefusalLog refusals) {
    return new Launch.Access(keys, audit, refusals);
  }

  @Singleton
  InFlight inFlight() {
    return new InFlight();
  }

  @Singleton
  Rates rates(
      TestTime time, @Value("${holdfast.rates.requests:600}") int requests,
      @Value("${holdfast.rates.failed-checks:60}") int failedChecks,
      @Value("${holdfast.rates.names:10000}") int names) {
    return new Rates(new Rates.Limits(requests, failedChecks, names), time);
  }

  @Singleton
  RelayParts relayParts(
      UnitsOfWork units, NodeState node, @Named("upstream") ProviderCalls upstream, Ids ids, InstantSource clock) {
    return RelayParts.of(new RelayParts.Node(units, node, ids, clock), new ScriptedCalls(upstream, ids, clock),
        Set.of());
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

  @Singleton
  Pruning pruning(UnitsOfWork units, InstantSource clock) {
    return new Pruning(units, clock);
  }

  @Singleton
  RuntimeCatalogue runtime(UnitsOfWork units, Store store, InstantSource clock) {
    return new RuntimeCatalogue(units, store, clock);
  }

  @Singleton
  WorkerCatalogue workers(UnitsOfWork units, Profiles profiles, InstantSource clock, TurnExecutor executor) {
    return new WorkerCatalogue(
        units, new WorkerRules.Terms(WorkerLimits.DEFAULT, profiles), clock, executor::settleIfDue);
  }

  @Singleton
  Profiles profiles(@Value("${holdfast.profiles:}") String json) {
    return json.isEmpty() ? Profiles.NONE : Profiles.read(Json.parse(json));
  }

  @Singleton
  WorkerInputs inputs(UnitsOfWork units, TurnExecutor executor, InstantSource clock) {
    return new WorkerInputs(units, executor, WorkerLimits.DEFAULT, clock);
  }

  @Singleton
  WorkQueues workQueues(UnitsOfWork units, TurnExecutor executor, InstantSource clock) {
    return new WorkQueues(units, executor, WorkerLimits.DEFAULT, clock);
  }

  @Singleton
  TurnCatalogue turns(UnitsOfWork units, InstantSource clock) {
    return new TurnCatalogue(units, clock);
  }

  @Singleton
  TurnLimits turnLimits() {
    return TurnLimits.DEFAULT;
  }

  @Singleton
  ExecutorLeases leases(UnitsOfWork units, TurnExecutor executor, Ids ids, InstantSource clock) {
    return new ExecutorLeases(units, executor, new FakeProcesses(), ids, clock);
  }

  @Singleton
  ExecutorTurns executorTurns(UnitsOfWork units, TurnLimits limits, Profiles profiles, Ids ids, InstantSource clock) {
    return new ExecutorTurns(units, limits, profiles, ids, clock);
  }

  @Singleton
  ExecutorWork executorWork(
      UnitsOfWork units, NewsRoom news, NodeState node, InstantSource clock,
      @Value("${holdfast.executors.waiting-per-key:64}") int perKey) {
    return new ExecutorWork(units, news, node, clock, new Places(new Places.Bounds(1_024, perKey)));
  }

  @Singleton
  NodeState node() {
    return new NodeState();
  }

  @Singleton
  DataDirectory directory() {
    return new FakeDirectory();
  }

  @Singleton
  @Bean(preDestroy = "close")
  TurnExecutor executor(
      UnitsOfWork units, Models models, ModelGateway gateway, TurnExecutor.Node node) {
    var settings = new ExecutorSettings(ExecutorSettings.DEFAULT.limits(), Duration.ofSeconds(10),
        Duration.ofSeconds(5), 16, Duration.ofMillis(5), List.of());
    return new TurnExecutor(units, models, gateway, node, settings, _ -> true);
  }

  @Singleton
  TurnCancels turnCancels(
      UnitsOfWork units, TurnExecutor executor, NewsRoom news, NodeState node, InstantSource clock) {
    var waiting = new TurnCancels.Waiting(news, node, new Places(Places.Bounds.DEFAULT));
    return new TurnCancels(units, executor, waiting, clock);
  }

  @Singleton
  TurnExecutor.Node executorNode(
      DataDirectory directory, Ids ids, InstantSource clock, Profiles profiles, NewsRoom news) {
    return new TurnExecutor.Node(Owner.builtin(directory.id(), directory.epoch()), ids, clock, profiles, news);
  }

  @Singleton
  Launch launch(UnitsOfWork units, Launch.Access access, Models models, TurnExecutor executor, NodeState node,
      NewsRoom news,
      DataDirectory directory, Ids ids, InstantSource clock, StoreLaunch stores) {
    return new Launch(units, access, models, executor, node, news,
        new Launch.Surroundings(directory, ids, clock, stores));
  }

  /** The stores of the node, to be damaged. */
  @Singleton
  MapFolder stores() {
    return new MapFolder();
  }

  @Singleton
  StoreLaunch storeLaunch(MapFolder stores, Ids ids, InstantSource clock) {
    return new StoreLaunch(new MapStoreFiles(stores), new KnownSources(HealthyContents.of(RUN)).rebuilding(),
        new StoreLaunch.Node(MapFolder.DATA_DIR, RUN, true), ids, clock);
  }

  /** Copies of nothing, which are whole. */
  @Singleton
  Backups backups(BeanProvider<UnitsOfWork> units, DataDirectory directory, Ids ids, InstantSource clock) {
    return new Backups(new Backups.Kept(_ -> {
    }, _ -> new MemoryStore(), new MapShelf()), units::get, new Backups.Of(directory, "filesystem"), ids, clock);
  }

  @Singleton
  StoreCare storeCare(
      MapFolder stores, BeanProvider<UnitsOfWork> units, DataDirectory directory, Ids ids, InstantSource clock) {
    return new StoreCare(new MapStoreFiles(stores), new StoreCare.Looks(new MapInspection(stores), List::of),
        units::get,
        new StoreCare.Of(directory, "filesystem", RUN), ids, clock);
  }

  @Singleton
  Responses.Turns turnsOfResponses(TurnExecutor executor, OutputFeed output, NewsRoom news, NodeState node) {
    return new Responses.Turns(executor, output, news, node);
  }

  @Singleton
  Responses responses(
      UnitsOfWork units, Responses.Turns turns, Profiles profiles, Ids ids, InstantSource clock) {
    return new Responses(units, turns, new WorkerRules.Terms(WorkerLimits.DEFAULT, profiles), ids, clock);
  }
}
