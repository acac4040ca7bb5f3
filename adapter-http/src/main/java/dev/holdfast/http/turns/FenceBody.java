package dev.holdfast.http.turns;

import dev.holdfast.application.turns.ExecutorLeases;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.LeaseRules.Observed;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.leases.Owner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an executor tells of itself and of what it holds (spec turns §11). */
final class FenceBody {
  private static final String POSITIVE = "a whole number of at least 1";

  private FenceBody() {}

  /** The member {@code fence} of every call of a holder. */
  static Fence read(JsonMembers members) {
    JsonMembers fence = members.optionalObject("fence");
    if (fence == null) {
      throw members.missing("fence", "an object");
    }
    WorkerId session = fence.parsed("session_id", WorkerId::parse);
    var read = new Fence(session, owner(fence), fence.text("lease_token"), number(fence, "generation"));
    fence.end();
    return read;
  }

  private static Owner owner(JsonMembers members) {
    String id = members.parsed("owner_id", text -> new Owner(text, "0").id());
    return members.parsed("incarnation_id", incarnation -> new Owner(id, incarnation));
  }

  /** A required whole number of at least 1. */
  static long number(JsonMembers members, String name) {
    long number = members.whole(name, 0);
    if (number < 1) {
      throw members.wrong(name, POSITIVE);
    }
    return number;
  }

  /** The same, for those that fit in 32 bits. */
  static int count(JsonMembers members, String name) {
    Integer count = optionalCount(members, name);
    if (count == null) {
      throw members.missing(name, POSITIVE);
    }
    return count;
  }

  static @Nullable Integer optionalCount(JsonMembers members, String name) {
    Integer count = members.optionalWhole(name);
    if (count != null && count < 1) {
      throw members.wrong(name, POSITIVE);
    }
    return count;
  }

  /**
   * Who wants a session.
   *
   * @param key the id of the caller's key, which an owner's id begins with, so that no executor takes another's place
   */
  static ExecutorLeases.Wanted wanted(JsonMembers members, String key, Duration standard) {
    Owner owner = owner(members);
    if (!owner.id().startsWith(key + ":")) {
      throw members.wrong("owner_id", "a text that begins with the id of the key, " + key + ":");
    }
    JsonMembers told = members.optionalObject("liveness");
    Liveness liveness = members.checked("liveness", () -> Liveness.read(told));
    return new ExecutorLeases.Wanted(owner, liveness, ttl(members, standard));
  }

  /** What is too small has a reason of its own; a number below 0 is none at all. */
  static Duration ttl(JsonMembers members, Duration standard) {
    long longest = ExecutorLeases.MAX_TTL.toMillis();
    long ttl = members.whole("ttl_ms", Math.min(standard.toMillis(), longest));
    if (ttl < 0 || ttl > longest) {
      throw members.wrong("ttl_ms", "a whole number from 0 to " + longest);
    }
    return Duration.ofMillis(ttl);
  }

  /** The holder that is to be taken for dead. */
  static Observed observed(JsonMembers members) {
    JsonMembers observed = members.optionalObject("observed");
    if (observed == null) {
      throw members.missing("observed", "an object");
    }
    var read = new Observed(observed.text("owner_id"), observed.text("incarnation_id"), number(observed, "generation"));
    observed.end();
    return read;
  }
}
