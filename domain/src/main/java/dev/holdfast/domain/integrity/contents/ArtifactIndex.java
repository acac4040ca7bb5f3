package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The artifacts that are on disk.
 *
 * @param coveredFrame number of the last frame of the journal that is part of it
 */
public record ArtifactIndex(long coveredFrame, List<Artifact> artifacts) {
  public static final ArtifactIndex EMPTY = new ArtifactIndex(0, List.of());

  public ArtifactIndex {
    Texts.requireAtLeast(coveredFrame, 0, "a frame number");
    artifacts = List.copyOf(artifacts);
    Set<ContentHash> digests = new HashSet<>();
    artifacts.forEach(artifact -> {
      if (!digests.add(artifact.digest())) {
        throw new IllegalArgumentException("twice: " + artifact.digest());
      }
    });
  }

  /** @param verifiedAt when its bytes were last compared with its digest, null when never */
  public record Artifact(ContentHash digest, long size, @Nullable Instant verifiedAt) {
    public Artifact {
      Texts.requireAtLeast(size, 0, "a size");
    }

    Json json() {
      return Json.object("digest", digest.text(), "size", size, "verified_at",
          verifiedAt == null ? null : Texts.instant(verifiedAt));
    }

    static Artifact read(JsonMembers members) {
      ContentHash digest = members.parsed("digest", ContentHash::new);
      long size = members.whole("size");
      Instant verified = members.optionalInstant("verified_at");
      return members.checked("size", () -> new Artifact(digest, size, verified));
    }
  }

  public Json json() {
    return Json.object("covered_frame", coveredFrame, "artifacts", artifacts.stream().map(Artifact::json).toList());
  }

  /** The inverse of {@link #json}. */
  public static ArtifactIndex read(JsonMembers members) {
    long covered = members.whole("covered_frame");
    List<Artifact> artifacts = members.objects("artifacts", Artifact::read);
    members.end();
    return members.checked("artifacts", () -> new ArtifactIndex(covered, artifacts));
  }
}
