package dev.holdfast.application.relay;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderRules;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The models that callers can name, and the providers that serve them. */
public final class Models {
  /** More providers than this are not listed at once. */
  private static final int MAX_LISTED = 1_000;

  private final UnitsOfWork units;
  private final InstantSource clock;

  public Models(UnitsOfWork units, InstantSource clock) {
    this.units = units;
    this.clock = clock;
  }

  /** @param defaultModel the name of the one that is used where nothing names one */
  public record Listed(List<Provider> providers, @Nullable String defaultModel) {}

  public Listed list() {
    return units.read(
        state -> new Listed(state.providers("", MAX_LISTED), state.defaultModel().orElse(null)));
  }

  /** As {@link #list()}, of what the key's caller may use (spec A-22). */
  public Listed list(Key viewer) {
    Listed all = list();
    return new Listed(all.providers().stream().filter(provider -> viewer.seesModel(provider.name())).toList(),
        all.defaultModel());
  }

  /**
   * @param name as a caller gave it, or null for the default model
   * @return the provider to call, or model_not_found or no_model
   */
  public Outcome<Provider> resolve(@Nullable String name) {
    return units.read(state -> {
      Optional<String> wanted = name == null ? state.defaultModel() : Optional.of(name);
      if (wanted.isEmpty()) {
        return Outcome.refused(Reason.NO_MODEL);
      }
      Optional<Provider> provider = state.provider(wanted.get());
      return provider.isPresent() ? new Outcome.Done<>(provider.get()) : Outcome.refused(Reason.MODEL_NOT_FOUND);
    });
  }

  /** As {@link #resolve(String)}; a model that the key's caller may not use isn't there (spec A-22). */
  public Outcome<Provider> resolve(@Nullable String name, Key viewer) {
    return switch (resolve(name)) {
      case Outcome.Done<Provider>(Provider provider) when !viewer.seesModel(provider.name()) ->
        Outcome.refused(Reason.MODEL_NOT_FOUND);
      case Outcome<Provider> found -> found;
    };
  }

  /**
   * @param allowHttp whether plain http is taken beyond loopback addresses
   * @param actor the id of the caller's key
   */
  public Outcome<Provider> add(
      Audited call, String name, String url, String backendModel, @Nullable String credential, boolean allowHttp,
      @Nullable String actor) {
    return units.write(call, Provider::name, state -> ProviderRules.add(state,
        new Provider(name, url, backendModel, credential, clock.instant()), allowHttp, actor, clock.instant()));
  }

  public Outcome<Provider> remove(Audited call, String name, @Nullable String actor) {
    return units.write(call, Provider::name, state -> ProviderRules.remove(state, name, actor, clock.instant()));
  }

  public Outcome<Provider> makeDefault(Audited call, String name, @Nullable String actor) {
    return units.write(call, Provider::name, state -> ProviderRules.makeDefault(state, name, actor, clock.instant()));
  }

  /** A new store gets the scripted provider. */
  public void addScripted() {
    units.write(state -> ProviderRules.addScripted(state, clock.instant())).orThrow();
  }
}
