package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.workers.WorkerStatus;

/** The answer to a submitted input: the input as it is now, and its worker's status. */
public record InputAck(Input input, WorkerStatus workerStatus) {}
