/** What a node's configuration gives to the turns of its workers. */
@NullMarked
package dev.holdfast.domain.workers.profiles;

import org.jspecify.annotations.NullMarked;
