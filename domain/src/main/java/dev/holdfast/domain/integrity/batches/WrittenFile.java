package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Identities;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A store's file as a batch wrote it, and for which run.
 *
 * @param relativePath as the descriptor has it; only for people, a file is opened by its descriptor
 * @param fileSize bytes
 * @param mtimeMs milliseconds since 1970; tells nothing about the content
 */
public record WrittenFile(
    String schemaName, int schemaVersion, String relativePath, ContentHash contentHash, long fileSize, long mtimeMs,
    Identities identities) {
  private static final Pattern PATH = Pattern.compile("(?:[a-z0-9-]+/)*[a-z0-9-]+\\.json");

  public WrittenFile {
    Texts.requireText(schemaName, 100, "a schema name");
    Texts.requireAtLeast(schemaVersion, 1, "a schema version");
    Texts.requireAtLeast(fileSize, 0, "a file size");
    Texts.requireAtLeast(mtimeMs, 0, "a time");
    if (!PATH.matcher(relativePath).matches()) {
      throw new IllegalArgumentException("a relative path has plain parts and ends with .json");
    }
  }

  WrittenFile under(Identities others) {
    return new WrittenFile(schemaName, schemaVersion, relativePath, contentHash, fileSize, mtimeMs, others);
  }

  /** The members that receipts and entries tell it in, for others to be added. */
  Map<String, @Nullable Object> members() {
    var members = new TreeMap<String, @Nullable Object>();
    members.put("schema_name", schemaName);
    members.put("schema_version", schemaVersion);
    members.put("relative_path", relativePath);
    members.put("content_hash", contentHash.text());
    members.put("file_size", fileSize);
    members.put("mtime_ms", mtimeMs);
    putIdentities(members, identities);
    return members;
  }

  static void putIdentities(Map<String, @Nullable Object> members, Identities identities) {
    members.put("run_id", identities.runId());
    members.put("capability_snapshot_id", identities.capabilitySnapshotId());
    members.put("behavior_fingerprint", identities.behaviorFingerprint());
  }

  /** Takes its members and leaves the others. */
  static WrittenFile read(JsonMembers members) {
    String name = members.text("schema_name");
    int version = members.smallWhole("schema_version");
    String path = members.text("relative_path");
    ContentHash hash = members.parsed("content_hash", ContentHash::new);
    long size = members.whole("file_size");
    long mtime = members.whole("mtime_ms");
    Identities identities = Identities.read(members);
    return members.checked("relative_path", () -> new WrittenFile(name, version, path, hash, size, mtime, identities));
  }
}
