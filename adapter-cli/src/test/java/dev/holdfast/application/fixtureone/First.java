package dev.holdfast.application.fixtureone;

import dev.holdfast.application.fixturetwo.Second;

/** Breaks, with {@link Second}: no circles. */
public record First(Second second) {}
