package dev.holdfast.domain.integrity.backups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.integrity.exports.ExportSum;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BackupTest {
  static final Instant NOW = Instant.parse("2026-01-01T10:20:30Z");
  private static final ContentHash HASH = ContentHash.of(new byte[0]);

  static Backup backup(String id, @Nullable String label, List<Backup.File> files) {
    return new Backup(id, "dd-0123456789abcdef", "sqlite", 7, NOW, label, new ExportSum(3, HASH), files);
  }

  @Test
  @DisplayName("I-84 what a backup says of itself is read as it was written")
  void readAgain() {
    String id = Backup.freshId(NOW, digits -> "a".repeat(digits));
    assertEquals("backup-20260101T102030Z-aaaaaaaa", id);
    for (String label : new @Nullable String[] {null, "before the upgrade"}) {
      Backup backup = backup(id, label, List.of(new Backup.File("db/holdfast.db", 4096, HASH)));
      assertEquals(backup, Backup.read(JsonMembers.of(Json.parse(backup.json().text()))));
    }
  }

  @Test
  @DisplayName("I-10 no name of a backup leads out of its folder")
  void names() {
    for (String path : List.of("../x", "/etc/passwd", "a/../../b", "", "a//b", "A b")) {
      assertThrows(IllegalArgumentException.class, () -> new Backup.File(path, 1, HASH), path);
    }
    for (String id : List.of("", "backup", "backup-20260101T102030Z-aaaaaaaa/..",
        "../backup-20260101T102030Z-aaaaaaaa")) {
      assertThrows(IllegalArgumentException.class, () -> backup(id, null, List.of()), id);
    }
  }
}
