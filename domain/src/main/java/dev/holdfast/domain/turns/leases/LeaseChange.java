package dev.holdfast.domain.turns.leases;

import dev.holdfast.domain.Change;

/** What a unit of work writes about leases. */
public sealed interface LeaseChange extends Change {
  record Put(Lease lease) implements LeaseChange {}
}
