package dev.holdfast.domain;

/** The only authority on which worker is meant: its runtime and its id in it (spec W-1). */
public record WorkerRef(RuntimeId runtime, WorkerId worker) {}
