package dev.holdfast.domain.integrity;

import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.PresentedKey;
import java.util.SortedMap;

/**
 * The one folder of a node. Being open means that this process holds its lock and has advanced its epoch (spec I-3, I-4);
 * closing gives the lock back. Opening throws {@link StoreException} with data_dir_locked and the holder, or
 * data_dir_permissions, or future_schema, and changes nothing then.
 */
public interface DataDirectory extends AutoCloseable {

  /** The folder's path, for people. */
  String location();

  /** The id that was given to the folder when it was made; also the node's id. */
  String id();

  /** Grows by one with every opening. */
  long epoch();

  /**
   * Whether what belongs to the rows may be missing here: the folder is new, or was given its store from elsewhere, and no launch has
   * come as far as {@link #settled} since.
   */
  boolean fresh();

  /** Whether there must be a store: else one may begin, as the folder is new and no launch has settled in it. */
  boolean hasStore();

  /** From now on whatever isn't there was lost. Durable; idempotent. */
  void settled();

  /**
   * Writes the admin key's text durably to its file, in place of an earlier one, readable by its owner only.
   *
   * @return the file's path
   */
  String writeAdminKey(PresentedKey key);

  /** The path of the admin key's file, whether it is there or not. */
  String adminKeyFile();

  /**
   * The secret that seals the audit; made durably when it isn't there, readable by its owner only.
   *
   * @throws StoreException store_corrupt when its file holds anything else
   */
  AuditKey auditKey();

  /** How many bytes there are in each of the folder's own folders, by name. */
  SortedMap<String, Long> sizes();

  @Override
  void close();
}
