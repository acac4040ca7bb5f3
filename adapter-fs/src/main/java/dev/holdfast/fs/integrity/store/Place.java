package dev.holdfast.fs.integrity.store;

import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.journal.Journal;

/**
 * Where a store is.
 *
 * @param index the folder of images and runs, all of which can be made anew from the journal
 * @param quarantine where the bytes of a torn end are kept
 */
public record Place(Disk journal, Disk index, Quarantine quarantine, Journal.Settings settings) {}
