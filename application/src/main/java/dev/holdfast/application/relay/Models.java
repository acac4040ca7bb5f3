package dev.holdfast.application.relay;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.admission.Admissions;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderRules;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.Viewer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The models that callers can name, and the providers that serve them. */
public final class Models {
  /** More providers than this are not listed at once. */
  private static final int MAX_LISTED = 10_000;

  private final UnitsOfWork units;
  private final Relay relay;
  private final Admissions admissions;
  private final Set<String> sharedPools;
  private final Ids ids;
  private final InstantSource clock;

  /** @param sharedPools the pools that providers of any owner may join (spec R-3) */
  public Models(
      UnitsOfWork units, Relay relay, Admissions admissions, Set<String> sharedPools, Ids ids, InstantSource clock) {
    this.units = units;
    this.relay = relay;
    this.admissions = admissions;
    this.sharedPools = Set.copyOf(sharedPools);
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * A model and those of its members that the viewer sees.
   *
   * @param active how many of them can be had at the moment
   * @param queued calls that wait for a place
   */
  public record Model(String name, List<Provider> members, int active, int queued, boolean isDefault) {
    public Model {
      members = List.copyOf(members);
    }

    public boolean isAvailable() {
      return active > 0;
    }
  }

  /** By name. */
  public List<Model> list(Viewer viewer) {
    return units.read(state -> {
      Map<String, List<Provider>> byModel = new TreeMap<>();
      state.providers("", MAX_LISTED).stream().filter(viewer::sees)
          .forEach(one -> byModel.computeIfAbsent(one.model(), _ -> new ArrayList<>()).add(one));
      return byModel.entrySet().stream().map(entry -> model(state, entry.getKey(), entry.getValue())).toList();
    });
  }

  private Model model(State state, String name, List<Provider> members) {
    int active = (int) members.stream().filter(relay::isAvailable).count();
    return new Model(name, members, active, admissions.queued(name), state.defaultModel().equals(Optional.of(name)));
  }

  /**
   * @param name as a caller gave it, or null for the default model
   * @return the model with members that the viewer sees, or model_not_found or no_model
   */
  public Outcome<Model> resolve(@Nullable String name, Viewer viewer) {
    return units.read(state -> {
      Optional<String> wanted = name == null ? state.defaultModel() : Optional.of(name);
      if (wanted.isEmpty()) {
        return Outcome.refused(Reason.NO_MODEL);
      }
      List<Provider> members = state.providersOf(wanted.get()).stream().filter(viewer::sees).toList();
      return members.isEmpty()
          ? Outcome.refused(Reason.MODEL_NOT_FOUND)
          : new Outcome.Done<>(model(state, wanted.get(), members));
    });
  }

  /** By name. */
  public List<Provider> providers() {
    return units.read(state -> state.providers("", MAX_LISTED));
  }

  public Optional<Provider> provider(String name) {
    return units.read(state -> state.provider(name));
  }

  /**
   * A public provider as an admin asks for it.
   *
   * @param allowHttp whether plain http is taken beyond loopback addresses
   * @param owner in whose name
   */
  public record Wanted(Offer offer, String url, @Nullable String credential, boolean allowHttp, String owner) {}

  /** @param actor the id of the caller's key */
  public Outcome<PublicProvider> add(Audited call, Wanted wanted, @Nullable String actor) {
    String id = Provider.idFrom(ids.hex(16));
    return noted(units.write(call, Provider::name, state -> ProviderRules.add(state,
        PublicProvider.of(id, wanted.owner(), wanted.offer(), wanted.url(), wanted.credential(), clock.instant()),
        wanted.allowHttp(), sharedPools, actor, clock.instant())));
  }

  /** @param version the one that the caller has seen, or null for any */
  public Outcome<Provider> change(
      Audited call, String name, @Nullable Integer version, boolean allowHttp, UnaryOperator<PublicProvider> wanted,
      @Nullable String actor) {
    return noted(units.write(call, Provider::name, state -> ProviderRules.change(state, name, version, allowHttp,
        sharedPools, wanted, actor, clock.instant())));
  }

  public Outcome<Provider> enable(Audited call, String name, boolean enabled, @Nullable String actor) {
    return noted(units.write(call, Provider::name,
        state -> ProviderRules.enable(state, name, enabled, actor, clock.instant())));
  }

  /** @param owner whose providers may be removed, or null for all */
  public Outcome<Provider> remove(Audited call, String name, @Nullable String owner, @Nullable String actor) {
    return noted(units.write(call, Provider::name,
        state -> ProviderRules.remove(state, name, admissions.busy(), owner, actor, clock.instant())));
  }

  public Outcome<Provider> transfer(Audited call, String name, String toSubject) {
    return noted(units.write(call, Provider::name,
        state -> ProviderRules.transfer(state, name, toSubject, clock.instant())));
  }

  /** @return the model's name */
  public Outcome<String> makeDefault(Audited call, String name, @Nullable String actor) {
    return units.write(call, model -> model,
        state -> ProviderRules.makeDefault(state, name, actor, clock.instant()));
  }

  /** A new store gets the scripted provider. */
  public void addScripted() {
    units.write(state -> ProviderRules.addScripted(state, clock.instant())).orThrow();
  }

  private <P extends Provider> Outcome<P> noted(Outcome<P> outcome) {
    if (outcome instanceof Outcome.Done<P>(P provider)) {
      admissions.changed(provider.model());
    }
    return outcome;
  }
}
