@NullMarked
package dev.holdfast.sqlite.integrity.stores;

import org.jspecify.annotations.NullMarked;
