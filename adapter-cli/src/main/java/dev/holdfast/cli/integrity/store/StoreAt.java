package dev.holdfast.cli.integrity.store;

import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Screen;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.access.configuration.StoredBackend;
import dev.holdfast.cli.wiring.Inspection;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.DirectoryInspection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

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

  /**
   * Looks at a store through its node or in its folder. Where a variable or a file names a node that is away, and there is a folder, what
   * is looked at is the folder, and that is told.
   */
  static <T> T looked(Settings settings, Screen screen, Supplier<T> byNode, Supplier<T> inFolder) {
    if (!isNode(settings)) {
      return inFolder.get();
    }
    try {
      return byNode.get();
    } catch (Refusal refusal) {
      String data = settings.required(Settings.Name.DATA);
      if (!refusal.is(Reason.NODE_UNREACHABLE) || settings.isFlag(Settings.Name.URL)
          || StoredBackend.of(Path.of(data)).isEmpty()) {
        throw refusal;
      }
      screen.talk(refusal.note() + "; what follows is of the folder " + data);
      return inFolder.get();
    }
  }
}
