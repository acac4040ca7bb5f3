package dev.holdfast.domain.turns.leases;

import dev.holdfast.domain.WorkerId;

/**
 * The proof of holding a session, shown with every write. The generation is the fencing token in the sense of Kleppmann,
 * "How to do distributed locking" (2016): a writer whose fence isn't the stored one writes nothing.
 */
public record Fence(WorkerId session, Owner owner, String token, long generation) {}
