package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.integrity.rebuild.OutsideOwners;
import dev.holdfast.domain.integrity.rebuild.OutsideOwnersContract;

class NobodyOutsideTest extends OutsideOwnersContract {
  @Override
  protected OutsideOwners open() {
    return new NobodyOutside();
  }
}
