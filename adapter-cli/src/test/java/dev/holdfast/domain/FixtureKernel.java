package dev.holdfast.domain;

import dev.holdfast.domain.workers.fixture.UsesTurns;

/** Breaks: the kernel uses no capability. */
public record FixtureKernel(UsesTurns capability) {}
