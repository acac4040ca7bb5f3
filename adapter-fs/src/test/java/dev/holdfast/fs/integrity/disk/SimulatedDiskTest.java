package dev.holdfast.fs.integrity.disk;

class SimulatedDiskTest extends DiskContract {
  private final Disk disk = SimulatedDisk.empty();

  @Override
  Disk disk() {
    return disk;
  }
}
