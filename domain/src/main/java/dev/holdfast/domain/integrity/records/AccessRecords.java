package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import org.jspecify.annotations.Nullable;

/** Keys, which are kept without their secrets, and the audit, whose texts are kept as they were sealed. */
public final class AccessRecords {
  private static final Constants<Role> ROLES = Constants.of(Role.class, Role::text);

  private static final Codec<Key.Limits> LIMITS = new Codec<>((out, limits) -> {
    out.texts("models", limits.models());
    out.optionalNumber("max_in_flight", number(limits.maxInFlight()));
    out.optionalNumber("requests_per_minute", number(limits.requestsPerMinute()));
  }, in -> new Key.Limits(in.texts("models"), count(in, "max_in_flight"), count(in, "requests_per_minute")));

  public static final Codec<Key> KEY = new Codec<>(AccessRecords::write, AccessRecords::read);

  public static final Codec<AuditRecord> AUDIT_RECORD = new Codec<>((out, record) -> {
    out.number("seq", record.seq());
    out.text("text", record.text());
    out.text("mac", record.mac());
  }, in -> new AuditRecord(in.number("seq"), in.text("text"), in.text("mac")));

  public static final Codec<AuditHead> AUDIT_HEAD = new Codec<>((out, head) -> {
    out.number("seq", head.seq());
    out.text("mac", head.mac());
  }, in -> new AuditHead(in.number("seq"), in.text("mac")));

  static final Codec<String> ID = new Codec<>((out, id) -> out.text("id", id), in -> in.text("id"));

  private AccessRecords() {}

  private static @Nullable Long number(@Nullable Integer value) {
    return value == null ? null : value.longValue();
  }

  private static @Nullable Integer count(RecordIn in, String name) {
    Long value = in.optionalNumber(name);
    return value == null ? null : Math.toIntExact(value);
  }

  private static void write(RecordOut out, Key key) {
    out.text("id", key.id());
    out.text("subject", key.subject());
    out.constant("role", ROLES, key.role());
    out.text("label", key.label());
    out.text("secret_hash", key.secretHash());
    out.bool("content", key.content());
    out.record("limits", LIMITS, key.limits());
    out.time("created_at", key.createdAt());
    out.optionalText("created_by", key.createdBy());
    out.optionalTime("expires_at", key.expiresAt());
    out.optionalTime("revoked_at", key.revokedAt());
    out.optionalTime("last_used_at", key.lastUsedAt());
    out.number("version", key.version());
  }

  private static Key read(RecordIn in) {
    return new Key(in.text("id"), in.text("subject"), in.constant("role", ROLES), in.text("label"),
        in.text("secret_hash"), in.bool("content"), in.record("limits", LIMITS), in.time("created_at"),
        in.optionalText("created_by"), in.optionalTime("expires_at"), in.optionalTime("revoked_at"),
        in.optionalTime("last_used_at"), in.count("version"));
  }
}
