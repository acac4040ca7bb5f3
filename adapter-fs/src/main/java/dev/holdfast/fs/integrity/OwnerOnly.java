package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/** Whether a folder belongs to this process's user and to nobody beside (spec A-73). */
final class OwnerOnly {
  private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
      PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

  private OwnerOnly() {}

  /** @throws StoreException data_dir_permissions, with the command that mends it */
  static void check(Path folder) throws IOException {
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(folder, PosixFileAttributes.class);
    } catch (UnsupportedOperationException e) {
      throw StoreException.unusable(Reason.DATA_DIR_PERMISSIONS, folder
          + " is on a file system without owners and permissions; name a folder on another one with --data", e);
    }
    if (!attributes.isDirectory()) {
      throw StoreException.unusable(Reason.STORE_IO, folder + " is not a folder");
    }
    UserPrincipal self = processOwner(folder);
    if (!attributes.owner().equals(self)) {
      throw StoreException.unusable(Reason.DATA_DIR_PERMISSIONS, folder + " belongs to " + attributes.owner().getName()
          + " and this process runs as " + self.getName() + "; run it as the owner, or: chown -R " + self.getName()
          + " "
          + folder);
    }
    if (!OWNERS.containsAll(attributes.permissions())) {
      throw StoreException.unusable(
          Reason.DATA_DIR_PERMISSIONS, folder + " can be read or changed by other users; run: chmod 700 " + folder);
    }
  }

  private static UserPrincipal processOwner(Path folder) throws IOException {
    // By number where the system tells it: in a container the user often has no name.
    Path self = folder.getFileSystem().getPath("/proc/self");
    return Files.exists(self)
        ? Files.getOwner(self)
        : folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(System.getProperty("user.name"));
  }
}
