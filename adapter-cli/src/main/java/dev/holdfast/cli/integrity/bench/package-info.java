/** Measures a node on this machine and disk against the raw limits of both, in one run. */
@NullMarked
package dev.holdfast.cli.integrity.bench;

import org.jspecify.annotations.NullMarked;
