package dev.holdfast.domain.integrity.rebuild;

import dev.holdfast.domain.integrity.contents.CapabilitySnapshot;

/** Finds out what the node can do on this machine. */
public interface CapabilityDiscovery {

  /** Looks; the same twice while machine and settings stay as they are. Nothing is changed by it. */
  CapabilitySnapshot discover();
}
