package dev.holdfast.domain.turns.leases;

import dev.holdfast.domain.WorkerId;
import java.util.List;

/** Leases as one consistent state shows them. */
public interface LeaseReads {

  /** The session's lease; free with generation 0 when it was never held. */
  Lease lease(WorkerId session);

  /** Every held lease, live or expired, by session, behind {@code after}. */
  List<Lease.Held> leases(long after, int limit);
}
