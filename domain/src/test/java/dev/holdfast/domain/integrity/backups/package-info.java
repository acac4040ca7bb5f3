@NullMarked
package dev.holdfast.domain.integrity.backups;

import org.jspecify.annotations.NullMarked;
