/** The kernel that every capability shares: reasons, outcomes, changes, canonical JSON. It knows no capability. */
@NullMarked
package dev.holdfast.domain;

import org.jspecify.annotations.NullMarked;
