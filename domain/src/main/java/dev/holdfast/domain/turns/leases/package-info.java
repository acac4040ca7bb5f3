/** Who may write a session: owners, leases and their generations. */
@NullMarked
package dev.holdfast.domain.turns.leases;

import org.jspecify.annotations.NullMarked;
