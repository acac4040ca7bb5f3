package dev.holdfast.domain.integrity.rebuild;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What each maker of backups must keep. */
public abstract class VerifiedBackupsContract {

  protected abstract VerifiedBackups open();

  @Test
  @DisplayName("a backup can be made, and another one after it")
  void makes() {
    VerifiedBackups backups = open();

    assertTrue(backups.make());
    assertTrue(backups.make());
  }
}
