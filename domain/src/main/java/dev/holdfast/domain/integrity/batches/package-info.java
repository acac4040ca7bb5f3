/** Several files of a store written together: receipts, files, manifest (spec integrity §6). */
@NullMarked
package dev.holdfast.domain.integrity.batches;

import org.jspecify.annotations.NullMarked;
