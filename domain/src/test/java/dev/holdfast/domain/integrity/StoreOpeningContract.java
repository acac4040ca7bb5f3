package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.ProviderReads;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link StoreOpening} promises. */
public abstract class StoreOpeningContract {
  @TempDir
  private Path folder;

  protected abstract StoreOpening opening();

  @Test
  @DisplayName("a folder without a store gets an empty one, which is there when it is opened again")
  void opened() {
    String place = folder.toString();
    try (Store made = opening().open(place)) {
      assertEquals(Optional.empty(), made.read(ProviderReads::defaultModel));
      made.write(_ -> Decision.done("", List.of(new ProviderChange.DefaultModelPut("m")))).orThrow();
    }
    try (Store again = opening().open(place)) {
      assertEquals(Optional.of("m"), again.read(ProviderReads::defaultModel));
    }
  }
}
