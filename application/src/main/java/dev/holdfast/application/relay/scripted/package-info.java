/** The model that answers offline from a fixed script. */
@NullMarked
package dev.holdfast.application.relay.scripted;

import org.jspecify.annotations.NullMarked;
