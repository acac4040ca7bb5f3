/** The bed that is measured, the clients that load it, and what a measurement is. */
@NullMarked
package dev.holdfast.cli.integrity.bench.load;

import org.jspecify.annotations.NullMarked;
