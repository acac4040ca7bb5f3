package dev.holdfast.http;

import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.batches.MapFolder;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A data directory that keeps the admin key in memory. */
final class FakeDirectory implements DataDirectory {
  private volatile @Nullable PresentedKey admin;

  @Nullable
  PresentedKey admin() {
    return admin;
  }

  @Override
  public String location() {
    return "memory";
  }

  @Override
  public String id() {
    return MapFolder.DATA_DIR;
  }

  @Override
  public long epoch() {
    return 1;
  }

  @Override
  public String writeAdminKey(PresentedKey key) {
    admin = key;
    return adminKeyFile();
  }

  @Override
  public String adminKeyFile() {
    return "memory/admin.key";
  }

  @Override
  public boolean fresh() {
    return true;
  }

  @Override
  public boolean hasStore() {
    return false;
  }

  @Override
  public void settled() {
    // It has no stores.
  }

  @Override
  public SortedMap<String, Long> sizes() {
    return new TreeMap<>();
  }

  @Override
  public AuditKey auditKey() {
    return new AuditKey("5a".repeat(32));
  }

  @Override
  public void close() {
    // There is nothing to give back.
  }
}
