package dev.holdfast.cli.wiring;

import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.ProviderModels;
import dev.holdfast.domain.relay.publishing.PublishingNode;
import io.micronaut.context.ApplicationContext;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a machine needs that publishes models: the ways to its model servers and to the node. No store and no address are opened. There
 * is nothing to close, as with {@link Inspection}.
 */
public final class PublishingMachine {
  private final ApplicationContext context;

  private PublishingMachine(ApplicationContext context) {
    this.context = context;
  }

  /** @param caFile the authority that the node's certificate must be from; null for those that Java's own list names */
  public static PublishingMachine of(String node, String key, @Nullable String caFile) {
    Map<String, Object> properties = new HashMap<>(
        Map.of("holdfast.publishing.url", node, "holdfast.publishing.key", key));
    if (caFile != null) {
      properties.put("holdfast.publishing.ca-file", caFile);
    }
    return new PublishingMachine(ApplicationContext.builder().deduceEnvironment(false).environments("publishing")
        .banner(false).properties(properties).start());
  }

  public PublishingNode node() {
    return context.getBean(PublishingNode.class);
  }

  public ProviderCalls calls() {
    return context.getBean(ProviderCalls.class, Qualifiers.byName("upstream"));
  }

  public ProviderModels models() {
    return context.getBean(ProviderModels.class);
  }
}
