package dev.holdfast.domain.integrity.rebuild;

/** Backups of the whole data directory. */
public interface VerifiedBackups {

  /**
   * Makes a backup of the directory as it is, and opens it to prove that it can be restored.
   *
   * @return whether there is one now; nothing that can't be undone is done without
   */
  boolean make();
}
