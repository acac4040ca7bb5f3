package dev.holdfast.cli.integrity.store;

import picocli.CommandLine.Command;

/** What a node keeps, as a whole. */
@Command(
    name = "store",
    description = "Export what a stopped node keeps, or move it to another backend.",
    subcommands = {StoreExportCommand.class, StoreCopyCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast store export --out before.ndjson",
      "  holdfast store copy --to filesystem"})
public final class StoreCommand {}
