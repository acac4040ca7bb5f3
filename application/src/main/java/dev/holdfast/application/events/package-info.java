/** Reading the feed and waking those who wait for it. */
@NullMarked
package dev.holdfast.application.events;

import org.jspecify.annotations.NullMarked;
