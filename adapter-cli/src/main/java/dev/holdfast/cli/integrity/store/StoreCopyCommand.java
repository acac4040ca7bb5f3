package dev.holdfast.cli.integrity.store;

import dev.holdfast.application.integrity.Copying;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.access.StoppedNode;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.StoreSwitch;
import dev.holdfast.domain.integrity.exports.ExportSum;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** From one backend to the other. */
@Command(
    name = "copy",
    description = {
      "Copy the store of a stopped node to the other backend, and let the data directory be of that backend from then on.",
      "",
      "The copy is read again and compared with the store it was made from before it takes its place. That store stays where"
          + " it was, unchanged. Stopped at any time, the directory is as before, and the same command goes on with the copy, or begins"
          + " it anew where the store has changed since.",
      "",
      "With --into the directory stays as it is, and a copy of all of it, keys and identity as well, is made in a folder that isn't"
          + " there or is empty; only one of the two may be used then."},
    footer = {
      "", "Examples:",
      "  holdfast store copy --to filesystem",
      "  holdfast store copy --to sqlite --data /srv/holdfast -o json",
      "  holdfast store copy --from ~/.holdfast --to sqlite --into /srv/holdfast", "",
      "Diagnostics are left behind."})
final class StoreCopyCommand extends Verb {
  private static final List<Column> FACTS = List.of(Column.of("records", "records"), Column.of("digest", "digest"),
      Column.of("store", "store"), Column.of("was", "from"));

  @Option(names = "--to", paramLabel = "BACKEND", required = true, description = "sqlite or filesystem.")
  String to = "";

  @Option(names = "--from", paramLabel = "DIR", description = "The data directory that is copied, as --data names it.")
  @Nullable
  String source;

  @Option(names = "--into", paramLabel = "DIR",
      description = "A folder that isn't there or is empty, which becomes a data directory; --data stays as it is.")
  @Nullable
  String into;

  @Override
  public Integer call() {
    String from = Backends.other(to);
    if (source != null) {
      settings().flag(Settings.Name.DATA, source);
    }
    return into == null ? inPlace(from) : elsewhere(into);
  }

  private int elsewhere(String directory) {
    String backend;
    String store;
    ExportSum sum;
    try (Node node = Backends.ofDirectory(settings(), Map.of("holdfast.copying", true))) {
      backend = node.use(Store.class).backend();
      StoreSwitch change = node.use(StoreSwitch.class);
      screen().await("copying");
      String staged = change.stageInto(directory, to);
      sum = new Copying(node.use(Store.class), node.use(StoreOpening.class, to), change, this::tell)
          .into(staged);
      store = change.adoptInto(directory, to);
    }
    output().one(Json.object("records", sum.records(), "digest", sum.digest().text(), "from", backend, "to", to, "data",
        store, "store", store), FACTS);
    screen().talk("start a node with --store " + to + " --data " + store + ", and none with --data "
        + settings().required(Settings.Name.DATA) + " any more: both have one identity");
    return ExitCode.OK;
  }

  private int inPlace(String from) {
    String store;
    ExportSum sum;
    try (Node node = opened(from)) {
      StoreSwitch change = node.use(StoreSwitch.class);
      screen().await("copying");
      String staged = change.stage(to);
      sum = new Copying(node.use(Store.class), node.use(StoreOpening.class, to), change, this::tell)
          .into(staged);
      store = change.adopt(to);
    }
    output().one(Json.object("records", sum.records(), "digest", sum.digest().text(), "from", from, "to", to, "data",
        settings().required(Settings.Name.DATA), "store", store), FACTS);
    screen()
        .talk("start the node with --store " + to + "; the " + from + " store is as it was, and isn't used any more");
    return ExitCode.OK;
  }

  private Node opened(String from) {
    try {
      return StoppedNode.open(settings(), from, Map.of("holdfast.copying", true));
    } catch (StoreException failure) {
      if (failure.reason() == Reason.SCHEMA_MISMATCH) {
        throw Refusal.of(Reason.INVALID_REQUEST, settings().required(Settings.Name.DATA) + " is of the backend " + to
            + " already").next("holdfast serve --store " + to);
      }
      throw failure;
    }
  }

  /** Short lines on a terminal, each in the place of the one before; what an earlier copy left is told to everybody. */
  private void tell(Copying.Progress at) {
    switch (at.step()) {
      case FOUND -> screen().await("reading what an earlier copy left: " + at.records() + " records");
      case GOES_ON ->
        screen().talk("an earlier copy was stopped behind " + at.records() + " records; going on there");
      case BEGINS_ANEW ->
        screen().talk("what an earlier copy left isn't how the store begins now; beginning anew");
      case COPIED -> screen().await("copied " + at.records() + " records");
      case COMPARED -> screen().await("compared " + at.records() + " of " + at.of() + " records");
    }
  }
}
