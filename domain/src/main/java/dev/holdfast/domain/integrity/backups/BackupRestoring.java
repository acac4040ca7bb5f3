package dev.holdfast.domain.integrity.backups;

import dev.holdfast.domain.integrity.StoreException;

/** Makes a data directory of a backup. */
public interface BackupRestoring {

  /**
   * Reads what a backup says of itself, and each of its files.
   *
   * @param backup the path of its folder
   * @throws StoreException store_missing where there is none; store_corrupt where a file isn't what it was, or isn't there, or
   *     there is one more
   */
  Backup verified(String backup);

  /**
   * Copies it to a place beside the directory: a data directory by itself, whose epoch is higher than any that the backup knows.
   *
   * @param directory one that is absent or empty
   * @return where it is
   * @throws StoreException invalid_request when there is anything in that directory
   */
  String stage(String backup, String directory);

  /**
   * Gives the staged copy, which nobody holds, its place in one step.
   *
   * @return where it is now
   */
  String adopt(String directory);
}
