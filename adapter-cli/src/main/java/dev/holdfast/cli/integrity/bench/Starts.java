package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.load.Bed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;

/**
 * How long a node with many events takes to be ready, and what of the heap it uses then: as a stop has left it, and as a kill would
 * have. A killed process leaves its files as they stand, so that is a copy of them beside the running node.
 */
final class Starts {
  private static final int WORKERS = 10;
  /** The running node's own. */
  private static final String LOCK = "holdfast.lock";

  private final Plan plan;
  private final String store;
  private final Path folder;
  private final Results results;
  private final Consumer<String> progress;

  /** @param folder where the data directories are made */
  Starts(Plan plan, String store, Path folder, Results results, Consumer<String> progress) {
    this.plan = plan;
    this.store = store;
    this.folder = folder;
    this.results = results;
    this.progress = progress;
  }

  void measure() throws InterruptedException {
    Path stopped = folder.resolve("stopped");
    Path killed = folder.resolve("killed");
    try (Bed bed = Bed.open(store, stopped.toString())) {
      fill(bed);
      progress.accept("starts: a copy of what a kill leaves");
      copy(stopped, killed);
    }
    progress.accept("starts: a start behind a kill and one behind a stop");
    started(killed, Results.Figure.START_KILLED_S);
    started(stopped, Results.Figure.START_STOPPED_S);
  }

  private void fill(Bed bed) throws InterruptedException {
    int workers = WORKERS * plan.workers();
    progress.accept("starts: " + plan.events() + " events of " + workers + " workers");
    var sample = new Growth(plan, progress).filled(bed, Math.max(1, plan.events() - workers), workers);
    results.note(Results.Figure.GROWING_P99_MS, sample.latencies().percentile(0.99) / 1e6);
  }

  private void started(Path directory, Results.Figure figure) {
    long began = System.nanoTime();
    try (Bed _ = Bed.open(store, directory.toString())) {
      results.note(figure, (System.nanoTime() - began) / 1e9);
      results.note(Results.Figure.START_HEAP_MIB, heapMib());
    }
  }

  private static double heapMib() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / (double) (1 << 20);
  }

  private static void copy(Path from, Path to) {
    try {
      Files.walkFileTree(from, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
          Files.copy(directory, to.resolve(from.relativize(directory)),
              StandardCopyOption.COPY_ATTRIBUTES);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
          if (file.endsWith(LOCK)) {
            return FileVisitResult.CONTINUE;
          }
          try {
            Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
          } catch (NoSuchFileException e) {
            // An image that came to its end meanwhile has taken the place of others.
            return FileVisitResult.CONTINUE;
          }
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
