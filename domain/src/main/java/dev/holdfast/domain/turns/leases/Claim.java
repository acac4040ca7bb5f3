package dev.holdfast.domain.turns.leases;

import java.time.Instant;

/**
 * A holder's claim on work. It is live while the session's lease is live and of the same generation, so it needs no time
 * to live of its own (spec T-24).
 *
 * @param id names the claim to people; {@code token} proves it
 */
public record Claim(String id, String token, long generation, Instant claimedAt) {}
