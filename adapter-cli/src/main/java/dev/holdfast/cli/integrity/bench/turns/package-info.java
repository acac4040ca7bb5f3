/** What turns cost: over HTTP, among many sessions, and to those who follow their output. */
@NullMarked
package dev.holdfast.cli.integrity.bench.turns;

import org.jspecify.annotations.NullMarked;
