package dev.holdfast.cli.integrity.store;

import dev.holdfast.application.integrity.StoreCopy;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.exports.ExportSum;
import dev.holdfast.domain.integrity.exports.Lines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything, line by line. */
@Command(
    name = "export",
    description = {
      "Write everything that a stopped node keeps as lines of JSON, in an order of its own: equal stores have equal lines,"
          + " whatever their backend.",
      "",
      "The first line names the format, the last one tells how many lines there are between them and their SHA-256. What users"
          + " and models wrote is among them, so a file is made readable by you alone."},
    footer = {
      "", "Examples:",
      "  holdfast store export --out before.ndjson",
      "  holdfast store export | tail -1"})
final class StoreExportCommand extends Verb {
  private static final List<Column> FACTS =
      List.of(Column.of("records", "records"), Column.of("digest", "digest"), Column.of("file", "file"));
  private static final int VERSION = 1;
  private static final int CHUNK = 1 << 16;

  @Option(names = "--out", paramLabel = "FILE", description = "A new file, or - for standard output. Default: -.")
  String out = "-";

  @Override
  public Integer call() {
    if (out.equals("-")) {
      exported((bytes, length) -> screen().piece(new String(bytes, 0, length, StandardCharsets.UTF_8)), false);
      return ExitCode.OK;
    }
    ExportSum sum = toFile(Path.of(out));
    output().one(Json.object("records", sum.records(), "digest", sum.digest().text(), "file", out), FACTS);
    return ExitCode.OK;
  }

  private ExportSum toFile(Path file) {
    boolean whole = false;
    boolean made = false;
    try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      made = true;
      ExportSum sum = exported((bytes, length) -> write(channel, ByteBuffer.wrap(bytes, 0, length)), true);
      channel.force(true);
      whole = true;
      return sum;
    } catch (FileAlreadyExistsException e) {
      throw Refusal.of(Reason.INVALID_REQUEST, file + " is there already").next("the same command with another --out");
    } catch (IOException | UncheckedIOException e) {
      throw Refusal.of(Reason.INVALID_REQUEST, file + " can't be written: " + e.getMessage());
    } finally {
      if (made && !whole) {
        remove(file);
      }
    }
  }

  /** A part of an export might pass for one. */
  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ExportSum exported(Lines.Taker to, boolean showing) {
    try (Node node = Backends.ofDirectory(settings())) {
      take(to, Json.object("format", "holdfast-export", "version", VERSION, "data_dir_id", node.directory().id()));
      var chunk = new Chunk(to);
      ExportSum sum = StoreCopy.sum(node.use(Store.class), chunk, records -> {
        if (showing) {
          screen().await("exported " + records + " records");
        }
      });
      chunk.end();
      take(to, Json.object("records", sum.records(), "digest", sum.digest().text()));
      return sum;
    }
  }

  private static void take(Lines.Taker to, Json line) {
    byte[] bytes = (line.text() + "\n").getBytes(StandardCharsets.UTF_8);
    to.take(bytes, bytes.length);
  }

  /** Lines are few at a time, and a call of the system costs more than they do. */
  private static final class Chunk implements Lines.Taker {
    private final Lines.Taker to;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream(2 * CHUNK);

    Chunk(Lines.Taker to) {
      this.to = to;
    }

    @Override
    public void take(byte[] bytes, int length) {
      gathered.write(bytes, 0, length);
      if (gathered.size() >= CHUNK) {
        end();
      }
    }

    void end() {
      byte[] all = gathered.toByteArray();
      to.take(all, all.length);
      gathered.reset();
    }
  }
}
