package dev.holdfast.fs.integrity.store;

import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.journal.Journal;

/**
 * Where a store is.
 *
 * @param index the folder of images and runs, all of which can be made anew from the journal
 */
public record Place(Disk journal, Disk index, Journal.Settings settings) {}
