/** What keeps a node on this machine from working, or soon will. */
@NullMarked
package dev.holdfast.cli.integrity.doctor;

import org.jspecify.annotations.NullMarked;
