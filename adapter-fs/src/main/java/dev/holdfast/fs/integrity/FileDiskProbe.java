package dev.holdfast.fs.integrity;

import dev.holdfast.domain.integrity.DiskProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** One growing file, synced after every record with fdatasync (which is what {@code force(false)} is on Linux). */
public final class FileDiskProbe implements DiskProbe {
  private final Path file;
  private final FileChannel channel;
  private ByteBuffer record = ByteBuffer.allocateDirect(512);

  private FileDiskProbe(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  public static FileDiskProbe open(Path folder) {
    Path file = new Layout(folder).diskProbe();
    try {
      // What a run that was killed left there is worth nothing.
      Files.deleteIfExists(file);
      return new FileDiskProbe(file, FileChannel.open(file,
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), DurableFiles.OWNER_FILE));
    } catch (IOException e) {
      throw DurableFiles.failed("could not make " + file, e);
    }
  }

  @Override
  public void append(int bytes) {
    try {
      if (record.capacity() < bytes) {
        record = ByteBuffer.allocateDirect(bytes);
      }
      record.clear().limit(bytes);
      while (record.hasRemaining()) {
        channel.write(record);
      }
      channel.force(false);
    } catch (IOException e) {
      throw DurableFiles.failed("could not append to " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw DurableFiles.failed("could not remove " + file, e);
    }
  }
}
