package dev.holdfast.fs.integrity.disk;

import java.io.IOException;
import java.util.List;

/**
 * One folder of files that a store keeps. What is written to a file is durable once its {@link File#sync} has returned, and
 * that a file has its name (or has it no more) once {@link #sync} of its folder has; before that a power cut may keep or lose
 * any part of either, in any order. Names are fixed by their writers and hold no separator.
 */
public interface Disk {

  /** The names of the files, sorted; folders are left out. */
  List<String> list() throws IOException;

  boolean exists(String name) throws IOException;

  /** @throws java.nio.file.NoSuchFileException when there is no such file */
  File open(String name) throws IOException;

  /**
   * An empty file, for its owner only.
   *
   * @throws java.nio.file.FileAlreadyExistsException when there is one
   */
  File create(String name) throws IOException;

  /** In one step, in the place of what had the new name. */
  void rename(String from, String to) throws IOException;

  /** Nothing when there is no such file. */
  void delete(String name) throws IOException;

  /**
   * The names of this folder become durable.
   *
   * @throws SyncFailure when nobody knows which of them are
   */
  void sync() throws IOException;

  /** A folder within this one, which is made durably when it is missing. */
  Disk folder(String name) throws IOException;

  /** The bytes of a file. Not for use by several threads at once, but for reading. */
  interface File extends AutoCloseable {
    long size() throws IOException;

    /** @return how many bytes were read, fewer than asked for only at the end of the file, where it may be 0 */
    int read(long at, byte[] into, int offset, int length) throws IOException;

    /** All of the bytes; the file grows where they end behind its end. */
    void write(long at, byte[] from, int offset, int length) throws IOException;

    /**
     * Writes as {@link #write} does, and what was written becomes durable, with the size.
     *
     * @throws IOException when it can't be written; any part of it may be there then
     * @throws SyncFailure when nobody knows whether it is durable, nor whether it will be
     */
    default void writeDurably(long at, byte[] from, int offset, int length) throws IOException {
      write(at, from, offset, length);
      sync();
    }

    /** Cuts what is behind that size. */
    void truncate(long size) throws IOException;

    /**
     * The bytes written before, and the size, become durable.
     *
     * @throws SyncFailure when nobody knows which of them are
     */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }
}
