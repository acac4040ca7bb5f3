/** The node as a process, and what it is configured with. */
@NullMarked
package dev.holdfast.cli.integrity;

import org.jspecify.annotations.NullMarked;
