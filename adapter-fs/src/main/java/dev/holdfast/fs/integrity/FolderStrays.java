package dev.holdfast.fs.integrity;

import dev.holdfast.domain.integrity.StrayFiles;
import dev.holdfast.domain.integrity.batches.StagedName;
import dev.holdfast.domain.integrity.stores.Descriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Knows each name that this version writes in a data directory, of both backends: a copy leaves the one beside the other. */
public final class FolderStrays implements StrayFiles {
  private static final int MOST = 100;
  private static final String WHOLE_FILE = "(\\.tmp)?";
  /** By folder. What is in the folders that aren't named here is looked at by nobody, or by those who read it. */
  private static final Map<String, Predicate<String>> KNOWN = Map.of(
      "", form("holdfast\\.lock|(epoch|store\\.json|first-launch)" + WHOLE_FILE
          + "|keys|quarantine|backup|artifacts|copying|db|fs|disk-probe|store-probe"),
      "keys", form("(admin|audit)\\.key" + WHOLE_FILE),
      "db", form("holdfast\\.db(-wal|-shm|-journal)?"),
      "fs", form("(manifest|receipts)\\.json" + WHOLE_FILE + "|stores|journal|index"),
      "fs/stores", FolderStrays::isOfStores,
      "fs/journal", form("(seg|base)-[0-9a-f]{16}\\.hfj(\\.new)?"),
      "fs/index", form("(image-[0-9a-f]{16}\\.hfi|run-[0-9a-f]{16}\\.hfr)(\\.new)?"),
      "backup", form("backup-.+|migration-.+"));

  private final Path root;

  public FolderStrays(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  private static Predicate<String> form(String regex) {
    return Pattern.compile(regex).asMatchPredicate();
  }

  private static boolean isOfStores(String name) {
    return StagedName.parse(name).isPresent() || Descriptors.ALL.stream()
        .anyMatch(store -> name.equals(store.fileName()) || name.equals(store.fileName() + ".tmp"));
  }

  @Override
  public List<String> names() {
    try {
      List<String> strays = new ArrayList<>();
      for (Map.Entry<String, Predicate<String>> folder : KNOWN.entrySet()) {
        strays.addAll(strays(folder.getKey(), folder.getValue()));
      }
      return strays.stream().sorted().limit(MOST).toList();
    } catch (IOException e) {
      throw DurableFiles.failed("could not look through " + root, e);
    }
  }

  private List<String> strays(String folder, Predicate<String> known) throws IOException {
    Path path = root.resolve(folder);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(path)) {
      String before = folder.isEmpty() ? "" : folder + "/";
      return all.map(one -> one.getFileName().toString()).filter(known.negate()).map(name -> before + name).toList();
    }
  }
}
