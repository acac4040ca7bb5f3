package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.stores.Identities;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the node can do on this machine.
 *
 * @param id as {@link Identities#capabilitySnapshotId} makes it of features and schema versions
 * @param schemaVersions that the node writes, by schema name
 */
public record CapabilitySnapshot(
    String id, SortedSet<String> features, SortedMap<String, Integer> schemaVersions, List<Binary> binaries,
    Machine machine) {
  public CapabilitySnapshot {
    Texts.requireText(id, 200, "a capability snapshot id");
    features = Collections.unmodifiableSortedSet(new TreeSet<>(features));
    schemaVersions = Collections.unmodifiableSortedMap(new TreeMap<>(schemaVersions));
    binaries = List.copyOf(binaries);
  }

  public static CapabilitySnapshot of(
      SortedSet<String> features, SortedMap<String, Integer> schemaVersions, List<Binary> binaries, Machine machine) {
    return new CapabilitySnapshot(Identities.capabilitySnapshotId(features, schemaVersions), features, schemaVersions,
        binaries, machine);
  }

  /** A program that was found and can run an engine. */
  public record Binary(String name, String path) {
    Json json() {
      return Json.object("name", name, "path", path);
    }

    static Binary read(JsonMembers members) {
      return new Binary(members.text("name"), members.text("path"));
    }
  }

  public record Machine(int cpus, long memoryBytes) {
    public Machine {
      Texts.requireAtLeast(cpus, 1, "a number of processors");
      Texts.requireAtLeast(memoryBytes, 0, "a size of memory");
    }

    Json json() {
      return Json.object("cpus", cpus, "memory_bytes", memoryBytes);
    }

    static Machine read(JsonMembers members) {
      int cpus = members.smallWhole("cpus");
      long memory = members.whole("memory_bytes");
      members.end();
      return members.checked("cpus", () -> new Machine(cpus, memory));
    }
  }

  public Json json() {
    return Json.object("snapshot_id", id, "features", features, "schema_versions", schemaVersions, "engine_binaries",
        binaries.stream().map(Binary::json).toList(), "machine", machine.json());
  }

  /** The inverse of {@link #json}. */
  public static CapabilitySnapshot read(JsonMembers members) {
    String id = members.text("snapshot_id");
    var features = new TreeSet<>(members.texts("features"));
    Json versions = members.optionalJsonObject("schema_versions");
    List<Binary> binaries = members.objects("engine_binaries", Binary::read);
    Machine machine = Machine.read(members.object("machine"));
    members.end();
    return members.checked("schema_versions", () -> new CapabilitySnapshot(id, features,
        versions(versions == null ? Json.EMPTY_OBJECT : versions), binaries, machine));
  }

  private static SortedMap<String, Integer> versions(Json json) {
    JsonMembers members = JsonMembers.of(json);
    var versions = new TreeMap<String, Integer>();
    for (Map.Entry<String, ?> member : json.members().entrySet()) {
      versions.put(member.getKey(), members.smallWhole(member.getKey()));
    }
    return versions;
  }
}
