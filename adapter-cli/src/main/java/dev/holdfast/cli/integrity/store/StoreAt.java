package dev.holdfast.cli.integrity.store;

import dev.holdfast.cli.Settings;
import dev.holdfast.cli.wiring.Inspection;
import dev.holdfast.domain.integrity.DirectoryInspection;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a store is looked after through its node or, where none runs, in its folder. */
final class StoreAt {
  private StoreAt() {}

  /** A node that is named is asked; else the one that holds the folder, unless that is named itself. */
  static boolean isNode(Settings settings) {
    if (settings.isExplicit(Settings.Name.DATA)) {
      return false;
    }
    return settings.isExplicit(Settings.Name.URL) || !Files.isDirectory(Path.of(settings.required(Settings.Name.DATA)))
        || Inspection.of(settings.store(), settings.required(Settings.Name.DATA)).directory()
            .holder() instanceof DirectoryInspection.Holder.Running;
  }
}
