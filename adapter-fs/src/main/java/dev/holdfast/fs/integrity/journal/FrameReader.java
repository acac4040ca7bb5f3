package dev.holdfast.fs.integrity.journal;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the frames of one segment, front to back, and says what stands where none is. */
final class FrameReader {
  private final Window window;
  private final int salt;
  private long at;
  private @Nullable Frame frame;
  private boolean sound;

  FrameReader(Window window, int salt, long from) {
    this.window = window;
    this.salt = salt;
    this.at = from;
  }

  /** Whether a frame with a right head is at hand; the next call goes on behind it. */
  boolean next() throws IOException {
    if (frame != null) {
      at += frame.size();
    }
    frame = frameAt(at);
    if (frame != null) {
      sound = frame.isSound(window.bytes(), window.at(at, frame.size()));
    }
    return frame != null;
  }

  private @Nullable Frame frameAt(long where) throws IOException {
    int head = window.at(where, Frame.HEAD);
    Frame found = head < 0 ? null : Frame.read(window.bytes(), head, salt);
    return found == null || window.at(where, found.size()) < 0 ? null : found;
  }

  Frame frame() {
    if (frame == null) {
      throw new IllegalStateException("no frame is at hand");
    }
    return frame;
  }

  /** Whether the payload is what was written. */
  boolean isSound() {
    return sound;
  }

  /** Where in the file the frame at hand begins, or what is no frame. */
  long at() {
    return at;
  }

  byte[] payload() throws IOException {
    int start = window.at(at, frame().size()) + Frame.HEAD;
    return Arrays.copyOfRange(window.bytes(), start, start + frame().length());
  }

  /** Whether nothing was ever written from here on. */
  boolean isEmptyFromHere() throws IOException {
    return window.isEmptyFrom(at);
  }

  /**
   * Whether a frame of a later group stands somewhere behind this place. What is wrong here had been synced then, so it is
   * damage. Otherwise it is the rest of a group that was never synced whole, and never answered (spec I-14).
   *
   * @param number of the frame that should be here
   */
  boolean isBeforeLaterGroup(long number) throws IOException {
    for (long place = at + 1; place + Frame.HEAD <= window.size(); place++) {
      Frame found = frameAt(place);
      if (found != null && found.groupStart() > number
          && found.isSound(window.bytes(), window.at(place, found.size()))) {
        return true;
      }
    }
    return false;
  }
}
