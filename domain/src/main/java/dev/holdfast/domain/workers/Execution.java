package dev.holdfast.domain.workers;

/** Who runs a worker's turns: the node's own executor, or a process over HTTP. */
public enum Execution {
  BUILTIN,
  EXTERNAL
}
