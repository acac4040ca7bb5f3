package dev.holdfast.domain.relay.publishers;

import java.util.List;
import java.util.Optional;

/** Publishers as one consistent state shows them. */
public interface PublisherReads {
  Optional<Publisher> publisher(String id);

  /** By id, behind {@code after}; the empty text is before every id. */
  List<Publisher> publishers(String after, int limit);
}
