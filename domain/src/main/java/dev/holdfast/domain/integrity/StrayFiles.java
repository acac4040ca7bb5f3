package dev.holdfast.domain.integrity;

import java.util.List;

/**
 * Files and folders of a data directory that no node makes. They are told and left alone (spec integrity §2). Only names are looked
 * at and nothing is opened, so it may be asked beside a node that holds the directory, and in that node's own process.
 */
public interface StrayFiles {

  /**
   * Their paths within the directory, sorted, parts separated by a slash; what is in a stray folder isn't told by itself. The first
   * hundred; none where there is no directory.
   *
   * @throws StoreException store_io when the disk fails
   */
  List<String> names();
}
