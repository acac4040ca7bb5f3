package dev.holdfast.cli.wiring;

import dev.holdfast.application.Launch;
import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.Backups;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.Pruning;
import dev.holdfast.application.integrity.SteadyClock;
import dev.holdfast.application.integrity.StoreCare;
import dev.holdfast.application.integrity.StoreLaunch;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.relay.RelayRounds;
import dev.holdfast.application.turns.TurnExecutor;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.StrayFiles;
import dev.holdfast.domain.integrity.backups.BackupShelf;
import dev.holdfast.domain.integrity.backups.StoreSnapshot;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinations;
import dev.holdfast.domain.integrity.rebuild.CapabilityDiscovery;
import dev.holdfast.domain.integrity.rebuild.OutsideOwners;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.StoreFiles;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.stores.Identities;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The clock, the source of identifiers, the way to the store, and the launch. */
@Factory
final class IntegrityWiring {

  /** The framework has a clock of its own, which can be set. */
  @Singleton
  @Primary
  InstantSource clock() {
    return new SteadyClock();
  }

  @Singleton
  Ids ids() {
    var random = new SecureRandom();
    return digits -> {
      byte[] bytes = new byte[(digits + 1) / 2];
      random.nextBytes(bytes);
      return HexFormat.of().formatHex(bytes).substring(0, digits);
    };
  }

  /** The other backends bring their own store; this one forgets and needs no adapter. */
  @Singleton
  @Bean(preDestroy = "close")
  @Requires(property = "holdfast.store", value = "memory")
  Store memory() {
    return new MemoryStore();
  }

  @Singleton
  UnitsOfWork unitsOfWork(
      Store store, NewsRoom news, NodeState node, AuditKey auditKey, InstantSource clock) {
    return new UnitsOfWork(store, news, node, auditKey, clock);
  }

  @Singleton
  Pruning pruning(UnitsOfWork units, InstantSource clock) {
    return new Pruning(units, clock);
  }

  @Singleton
  NodeState nodeState() {
    return new NodeState();
  }

  @Singleton
  @Requires(beans = CanonicalDestinations.class)
  Rebuilding rebuilding(CanonicalDestinations destinations, OutsideOwners owners, CapabilityDiscovery capabilities,
      BeanProvider<Backups> backups) {
    return new Rebuilding(destinations, owners, capabilities,
        () -> backups.get().isMade("before what a later version wrote is set aside"));
  }

  @Singleton
  @Requires(beans = StoreFiles.class)
  StoreLaunch storeLaunch(StoreFiles files, Rebuilding sources, Identities run, DataDirectory directory, Ids ids,
      InstantSource clock) {
    return new StoreLaunch(files, sources, new StoreLaunch.Node(directory.id(), run, directory.fresh()), ids, clock);
  }

  @Singleton
  @Requires(beans = {StoreInspection.class, StrayFiles.class})
  StoreCare.Looks looks(StoreInspection store, StrayFiles strays) {
    return new StoreCare.Looks(store, strays);
  }

  @Singleton
  @Requires(beans = {StoreFiles.class, StoreInspection.class})
  StoreCare storeCare(StoreFiles files, StoreCare.Looks looks, BeanProvider<UnitsOfWork> units, StoreCare.Of of,
      Ids ids, InstantSource clock) {
    return new StoreCare(files, looks, () -> Node.unwrapped(units::get), of, ids, clock);
  }

  @Singleton
  @Requires(beans = StoreSnapshot.class)
  Backups backups(StoreSnapshot store, Map<String, StoreOpening> openings, BackupShelf shelf,
      BeanProvider<UnitsOfWork> units, StoreCare.Of of, Ids ids, InstantSource clock) {
    StoreOpening opening = Objects.requireNonNull(openings.get(of.backend()));
    return new Backups(new Backups.Kept(store, opening, shelf), () -> Node.unwrapped(units::get),
        new Backups.Of(of.directory(), of.backend()), ids, clock);
  }

  @Singleton
  StoreCare.Of whose(DataDirectory directory, @Property(name = "holdfast.store") String backend, Identities run) {
    return new StoreCare.Of(directory, backend, run);
  }

  /** Of the present run. */
  @Singleton
  Identities identities(
      DataDirectory directory, CapabilityDiscovery capabilities, @Property(name = "holdfast.version") String version) {
    return Identities.of(directory.epoch(), capabilities.discover().id(), version);
  }

  @Singleton
  Launch.Surroundings surroundings(
      DataDirectory directory, Ids ids, InstantSource clock, @Nullable StoreLaunch stores) {
    return new Launch.Surroundings(directory, ids, clock, stores);
  }

  @Singleton
  Launch launch(UnitsOfWork units, Launch.Access access, Models models, TurnExecutor executor, NodeState node,
      NewsRoom news,
      Launch.Surroundings surroundings, RelayRounds rounds) {
    rounds.start();
    return new Launch(units, access, models, executor, node, news, surroundings);
  }
}
