package dev.holdfast.cli.integrity.store;

import picocli.CommandLine.Command;

/** What a node keeps, as a whole. */
@Command(
    name = "store",
    description = "Look after what a node keeps: check it, mend it, back it up, export it, prune it, move it elsewhere.",
    subcommands = {StoreShowCommand.class, StoreDoctorCommand.class, StoreRecoverCommand.class,
      StoreBackupCommand.class, StoreRestoreCommand.class, StorePruneCommand.class, StoreCompactCommand.class,
      StoreExportCommand.class,
      StoreCopyCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast store doctor",
      "  holdfast store recover --apply",
      "  holdfast store backup",
      "  holdfast store prune --events-before 90d",
      "  holdfast store compact",
      "  holdfast store export --out before.ndjson",
      "  holdfast store copy --to filesystem"})
public final class StoreCommand {}
