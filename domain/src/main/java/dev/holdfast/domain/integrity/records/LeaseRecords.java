package dev.holdfast.domain.integrity.records;

import static dev.holdfast.domain.integrity.records.format.Choice.option;

import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.leases.Owner;
import java.util.List;

/** Who holds a session, and what it has claimed. */
public final class LeaseRecords {
  static final List<Choice.Option<? extends Liveness>> LIVENESSES = List.of(
      option(1, "opaque", new Liveness.Opaque()),
      option(2, "local_process", Liveness.LocalProcess.class, new Codec<>((out, process) -> {
        out.text("host_id", process.hostId());
        out.text("boot_id", process.bootId());
        out.number("pid", process.pid());
        out.text("process_start", process.processStart());
      }, in -> new Liveness.LocalProcess(in.text("host_id"), in.text("boot_id"), in.number("pid"),
          in.text("process_start")))));

  private static final Codec<Liveness> LIVENESS = Choice.of("kind", LIVENESSES);

  public static final Codec<Claim> CLAIM = new Codec<>((out, claim) -> {
    out.text("id", claim.id());
    out.text("token", claim.token());
    out.number("generation", claim.generation());
    out.time("claimed_at", claim.claimedAt());
  }, in -> new Claim(in.text("id"), in.text("token"), in.number("generation"), in.time("claimed_at")));

  public static final Codec<Fence> FENCE = new Codec<>((out, fence) -> {
    out.number("session", fence.session().number());
    out.text("owner_id", fence.owner().id());
    out.text("incarnation", fence.owner().incarnation());
    out.text("token", fence.token());
    out.number("generation", fence.generation());
  }, in -> new Fence(IdFields.worker(in, "session"), new Owner(in.text("owner_id"), in.text("incarnation")),
      in.text("token"), in.number("generation")));

  static final List<Choice.Option<? extends Lease>> LEASES = List.of(
      option(1, "free", Lease.Free.class, new Codec<>((out, free) -> {
        out.number("session", free.session().number());
        out.number("generation", free.generation());
      }, in -> new Lease.Free(IdFields.worker(in, "session"), in.number("generation")))),
      option(2, "held", Lease.Held.class, new Codec<>((out, held) -> {
        out.record("fence", FENCE, held.fence());
        out.record("liveness", LIVENESS, held.liveness());
        out.time("claimed_at", held.claimedAt());
        out.time("expires_at", held.expiresAt());
        out.duration("ttl_micros", held.ttl());
      }, in -> new Lease.Held(in.record("fence", FENCE), in.record("liveness", LIVENESS), in.time("claimed_at"),
          in.time("expires_at"), in.duration("ttl_micros")))));

  public static final Codec<Lease> LEASE = Choice.of("kind", LEASES);

  private LeaseRecords() {}
}
