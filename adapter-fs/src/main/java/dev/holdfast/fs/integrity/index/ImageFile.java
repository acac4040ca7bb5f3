package dev.holdfast.fs.integrity.index;

import dev.holdfast.domain.integrity.fold.Image;
import dev.holdfast.domain.integrity.records.ImageRecords;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.RecordException;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.journal.Lost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The state at a place of the journal, from which a start goes on; the newest that is whole counts. */
public final class ImageFile {
  private static final String PREFIX = "image-";
  private static final String SUFFIX = ".hfi";
  private static final String UNFINISHED = ".new";
  /** What is named in any other way is nobody's here, and stays. */
  private static final Pattern FORM = Pattern.compile("image-[0-9a-f]{16}\\.hfi(\\.new)?");
  /** Its last digit is raised with every change of what an image holds: one of another form is made anew from the journal. */
  private static final long MAGIC = 0x48464a2d494d4732L;
  private static final int HEAD = Long.BYTES + 2 * Integer.BYTES;

  private static final Codec<Lost> LOST = new Codec<>((out, lost) -> {
    out.number("position", lost.position());
    out.number("scope", lost.scope());
    out.number("first_event", lost.firstEvent());
    out.number("events", lost.events());
    out.number("audits", lost.audits());
    out.bool("given_up", lost.isGivenUp());
  }, in -> new Lost(in.number("position"), in.number("scope"), in.number("first_event"), in.count("events"),
      in.count("audits"), in.bool("given_up")));

  private static final Codec<Covered> COVERED = new Codec<>((out, covered) -> {
    out.text("directory_id", covered.directoryId());
    out.number("position", covered.position());
    out.number("frame", covered.frame());
    out.number("epoch", covered.epoch());
    out.texts("runs", covered.runs());
    out.list("lost", LOST, covered.lost());
    out.numbers("told", covered.told());
    out.record("image", ImageRecords.IMAGE, covered.image());
  }, in -> new Covered(in.text("directory_id"), in.number("position"), in.number("frame"), in.count("epoch"),
      in.texts("runs"), in.list("lost", LOST), in.numbers("told"), in.record("image", ImageRecords.IMAGE)));

  private ImageFile() {}

  /**
   * What an image is of.
   *
   * @param position in the journal, behind the newest unit that it covers
   * @param frame the number of that unit's frame
   * @param epoch in which that was written
   * @param runs the names of those that lead to the history before, the newest first
   * @param lost what of the journal up to there isn't in the image, as it was damaged
   * @param told the numbers of workers of whom an event says that they are damaged
   */
  public record Covered(
      String directoryId, long position, long frame, int epoch, List<String> runs, List<Lost> lost, List<Long> told,
      Image image) {
    public Covered {
      runs = List.copyOf(runs);
      lost = List.copyOf(lost);
      told = List.copyOf(told);
    }
  }

  /** Durable once the folder is synced. */
  public static String write(Disk disk, Covered covered) throws IOException {
    byte[] payload = COVERED.bytes(covered);
    byte[] head = ByteBuffer.allocate(HEAD).putLong(MAGIC).putInt(payload.length)
        .putInt(Page.crc(payload, 0, payload.length)).array();
    String name = PREFIX + HexFormat.of().toHexDigits(covered.frame()) + SUFFIX;
    disk.delete(name + UNFINISHED);
    try (Disk.File file = disk.create(name + UNFINISHED)) {
      file.write(0, head, 0, HEAD);
      file.write(HEAD, payload, 0, payload.length);
      file.sync();
    }
    disk.rename(name + UNFINISHED, name);
    return name;
  }

  /** Null when the file isn't what was written. */
  public static @Nullable Covered read(Disk disk, String name) throws IOException {
    try (Disk.File file = disk.open(name)) {
      byte[] head = new byte[HEAD];
      long size = file.size();
      if (size < HEAD || file.read(0, head, 0, HEAD) < HEAD) {
        return null;
      }
      ByteBuffer from = ByteBuffer.wrap(head);
      if (from.getLong() != MAGIC || from.getInt() != size - HEAD) {
        return null;
      }
      byte[] payload = new byte[Math.toIntExact(size - HEAD)];
      int length = file.read(HEAD, payload, 0, payload.length);
      return length == payload.length && from.getInt() == Page.crc(payload, 0, length)
          ? COVERED.ofBytes(payload)
          : null;
    } catch (RecordException e) {
      return null;
    }
  }

  /** The names of the images, the newest first. */
  public static List<String> names(Disk disk) throws IOException {
    return disk.list().stream().filter(name -> name.endsWith(SUFFIX) && FORM.matcher(name).matches())
        .sorted(Comparator.reverseOrder()).toList();
  }

  /** The number of the last frame that any image was written for, 0 for none: the journal had it then. */
  public static long newestFrame(Disk disk) throws IOException {
    List<String> names = names(disk);
    if (names.isEmpty()) {
      return 0;
    }
    String digits = names.getFirst().substring(PREFIX.length(), names.getFirst().length() - SUFFIX.length());
    return digits.matches("[0-7][0-9a-f]{15}") ? HexFormat.fromHexDigitsToLong(digits) : 0;
  }

  /** No start goes on from an image any more, until one is written again. */
  public static void forget(Disk disk) throws IOException {
    for (String name : names(disk)) {
      disk.delete(name);
    }
    disk.sync();
  }

  /** Deletes what only other images need. */
  public static void sweep(Disk disk, String kept, List<String> runs) throws IOException {
    for (String name : disk.list()) {
      boolean ours = FORM.matcher(name).matches() || RowIndex.isRun(name);
      if (ours && !name.equals(kept) && !runs.contains(name)) {
        disk.delete(name);
      }
    }
  }
}
