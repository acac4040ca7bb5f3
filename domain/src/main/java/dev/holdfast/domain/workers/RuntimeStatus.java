package dev.holdfast.domain.workers;

/** Whether the runtime takes new work. Shutting the node down doesn't change it. */
public enum RuntimeStatus {
  RUNNING,
  STOPPED
}
