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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
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
      var chunk = new StringBuilder();
      exported(line -> {
        chunk.append(line).append('\n');
        if (chunk.length() >= CHUNK) {
          screen().piece(chunk.toString());
          chunk.setLength(0);
        }
      }, false);
      screen().piece(chunk.toString());
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
      Writer writer = Channels.newWriter(channel, StandardCharsets.UTF_8.newEncoder(), CHUNK);
      ExportSum sum = exported(line -> {
        writer.write(line);
        writer.write('\n');
      }, true);
      writer.flush();
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

  /** Takes a line without its newline. */
  private interface Lines {
    void take(String line) throws IOException;
  }

  private ExportSum exported(Lines lines, boolean showing) {
    try (Node node = Backends.ofDirectory(settings())) {
      take(lines, Json.object("format", "holdfast-export", "version", VERSION, "data_dir_id", node.directory().id()));
      ExportSum sum = StoreCopy.sum(node.use(Store.class), (_, line) -> take(lines, line), records -> {
        if (showing) {
          screen().await("exported " + records + " records");
        }
      });
      take(lines, Json.object("records", sum.records(), "digest", sum.digest().text()));
      return sum;
    }
  }

  private static void take(Lines lines, Json line) {
    take(lines, line.text());
  }

  private static void take(Lines lines, String line) {
    try {
      lines.take(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
