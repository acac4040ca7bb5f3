package dev.holdfast.cli.integrity.store;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Room for others. */
@Command(
    name = "compact",
    description = {
      "Give the room of what was pruned back to the disk, for the store of a stopped node.",
      "",
      "The store is written anew beside itself and takes its own place in one step, so it needs as much free room as it is"
          + " long. Stopped at any time, it is as it was."},
    footer = {
      "", "Examples:",
      "  holdfast store compact",
      "  holdfast store compact --data /srv/holdfast -o json"})
final class StoreCompactCommand extends Verb {
  private static final List<Column> FACTS =
      List.of(Column.of("store", "store"), Column.of("bytes before", "before"), Column.of("bytes after", "after"));

  @Override
  public Integer call() {
    String backend;
    long before;
    try (Node node = Backends.ofDirectory(settings())) {
      Store store = node.use(Store.class);
      backend = store.backend();
      before = bytes(backend);
      screen().await("compacting");
      store.compact();
    }
    output().one(Json.object("store", backend, "before", before, "after", bytes(backend)), FACTS);
    return ExitCode.OK;
  }

  private long bytes(String backend) {
    Path folder = Path.of(settings().required(Settings.Name.DATA), backend.equals(Backends.SQLITE) ? "db" : "fs");
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
