package dev.holdfast.domain.relay;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A provider that a publisher serves over the link which it has opened to the node (spec §3).
 *
 * @param publisher the id of the publisher that serves it
 * @param heardAt when its publisher was heard of last, as far as it was written down; between writes the node knows better
 * @param inactiveSince set exactly while it is inactive
 */
public record VirtualProvider(
    String id, String owner, Offer offer, String publisher, Status status, boolean enabled, Instant heardAt,
    @Nullable Instant inactiveSince, Instant createdAt, Instant updatedAt) implements Provider {

  /** What its publisher says of it, or that nothing was heard of it. */
  public enum Status {
    ACTIVE,
    /** Its model isn't loaded; a wake loads it. */
    HIBERNATING,
    /** Not to be had until its publisher is heard of again; forgotten after a while. */
    INACTIVE;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public VirtualProvider {
    if ((status == Status.INACTIVE) != (inactiveSince != null)) {
      throw new IllegalArgumentException("a provider is inactive since some time, or it isn't");
    }
  }

  /** Its publisher was heard of, and said this of it. */
  public VirtualProvider heard(Status said, Instant now) {
    return with(publisher, offer, said, now, null, now);
  }

  /** Inactive from now on; since when is kept when it was before. */
  public VirtualProvider lost(Instant now) {
    return status == Status.INACTIVE ? this : with(publisher, offer, Status.INACTIVE, heardAt, now, now);
  }

  /** Registered again, perhaps by another publisher of its owner. */
  public VirtualProvider registered(String by, Offer as, Status initial, Instant now) {
    return with(by, as, initial, now, null, now);
  }

  public VirtualProvider ownedBy(String subject, Instant now) {
    return new VirtualProvider(id, subject, offer, publisher, status, enabled, heardAt, inactiveSince, createdAt, now);
  }

  public VirtualProvider enabled(boolean may, Instant now) {
    return new VirtualProvider(id, owner, offer, publisher, status, may, heardAt, inactiveSince, createdAt, now);
  }

  private VirtualProvider with(
      String by, Offer as, Status said, Instant heard, @Nullable Instant inactive, Instant now) {
    return new VirtualProvider(id, owner, as, by, said, enabled, heard, inactive, createdAt, now);
  }
}
