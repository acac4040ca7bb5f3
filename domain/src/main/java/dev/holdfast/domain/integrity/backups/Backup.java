package dev.holdfast.domain.integrity.backups;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.exports.ExportSum;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a backup says of itself.
 *
 * @param id {@code backup-}, the time in UTC to the second, and 8 hex digits; also the name of its folder
 * @param dataDirId of the data directory, which a restored one has as well
 * @param backend whose store it holds
 * @param epoch of the start that made it; a restored directory goes on with a higher one
 * @param label of the one who asked for it, or null
 * @param sum of all rows, as an export has it
 * @param files all that it holds, by path
 */
public record Backup(
    String id, String dataDirId, String backend, long epoch, Instant createdAt, @Nullable String label, ExportSum sum,
    List<File> files) {
  /** Characters of a label. */
  public static final int MAX_LABEL = 200;
  private static final int FORMAT = 1;
  private static final Pattern ID = Pattern.compile("backup-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}");
  private static final Pattern PATH = Pattern.compile("[a-z0-9.-]+(/[a-z0-9.-]+)*");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  public Backup {
    if (!isId(id)) {
      throw new IllegalArgumentException("no backup's id: " + id);
    }
    Texts.requireAtLeast(epoch, 1, "an epoch");
    if (label != null) {
      Texts.requireText(label, MAX_LABEL, "a label");
    }
    files = List.copyOf(files);
  }

  /** @param path within the backup's data, with slashes */
  public record File(String path, long size, ContentHash hash) {
    public File {
      if (!PATH.matcher(path).matches() || path.contains("..")) {
        throw new IllegalArgumentException("no path of a backup: " + path);
      }
      Texts.requireAtLeast(size, 0, "a size");
    }
  }

  public static String freshId(Instant now, Ids ids) {
    return "backup-" + TIME.format(now) + "-" + ids.hex(8);
  }

  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  public Json json() {
    return Json.object("format", FORMAT, "backup_id", id, "data_dir_id", dataDirId, "backend", backend, "epoch", epoch,
        "created_at", Texts.instant(createdAt), "label", label, "records", sum.records(), "digest", sum.digest().text(),
        "files", files.stream().map(file -> Json.object("path", file.path(), "size", file.size(), "sha256",
            file.hash().text())).toList());
  }

  /**
   * The inverse of {@link #json}.
   *
   * @throws JsonMembers.Mismatch when it is something else
   */
  public static Backup read(JsonMembers members) {
    if (members.whole("format") != FORMAT) {
      throw members.wrong("format", "format " + FORMAT + "; use the version that made the backup");
    }
    String id = members.text("backup_id");
    String dataDirId = members.text("data_dir_id");
    String backend = members.text("backend");
    long epoch = members.whole("epoch");
    Instant createdAt = members.instant("created_at");
    String label = members.optionalText("label");
    var sum = new ExportSum(members.whole("records"), members.parsed("digest", ContentHash::new));
    List<File> files = members.objects("files", Backup::file);
    members.end();
    return members.checked("backup_id",
        () -> new Backup(id, dataDirId, backend, epoch, createdAt, label, sum, files));
  }

  private static File file(JsonMembers members) {
    String path = members.text("path");
    long size = members.whole("size");
    ContentHash hash = members.parsed("sha256", ContentHash::new);
    members.end();
    return members.checked("path", () -> new File(path, size, hash));
  }
}
