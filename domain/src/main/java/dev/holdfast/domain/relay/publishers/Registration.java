package dev.holdfast.domain.relay.publishers;

import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.VirtualProvider;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher says of itself and of its providers.
 *
 * @param as who it is already; null for one that comes for the first time
 * @param owner the subject in whose name it calls
 */
public record Registration(@Nullable Presented as, String owner, @Nullable String label, List<Entry> entries) {
  public static final int MAX_ENTRIES = 64;

  public Registration {
    entries = List.copyOf(entries);
  }

  /** What a publisher shows of itself with every call but its first. */
  public record Presented(String publisher, String secret) {
    /** Never shows the secret. */
    @Override
    public String toString() {
      return "Presented[" + publisher + "]";
    }
  }

  /** @param initial ACTIVE, or HIBERNATING for one that a wake loads */
  public record Entry(Offer offer, VirtualProvider.Status initial) {}

  /**
   * What a new publisher and new providers are given; unused for what is known already.
   *
   * @param publisherId 32 lower-case hex digits
   * @param secret 64 lower-case hex digits
   * @param providerIds one per entry, 16 lower-case hex digits each
   */
  public record Fresh(String publisherId, String secret, List<String> providerIds) {
    public Fresh {
      providerIds = List.copyOf(providerIds);
    }

    @Override
    public String toString() {
      return "Fresh[" + publisherId + "]";
    }
  }

  /**
   * What the node says about it.
   *
   * @param sharedPools the pools that providers of any owner may join (spec R-3)
   * @param busy the names of the providers that have calls under way (spec R-14)
   */
  public record Circumstances(Set<String> sharedPools, Set<String> busy) {
    public static final Circumstances NONE = new Circumstances(Set.of(), Set.of());

    public Circumstances {
      sharedPools = Set.copyOf(sharedPools);
      busy = Set.copyOf(busy);
    }
  }

  /**
   * A registration that was taken.
   *
   * @param secret told this one time; null for a publisher that was known
   * @param providers those of the registration, in its order
   */
  public record Done(Publisher publisher, @Nullable String secret, List<VirtualProvider> providers) {
    public Done {
      providers = List.copyOf(providers);
    }

    @Override
    public String toString() {
      return "Done[" + publisher.id() + "]";
    }
  }
}
