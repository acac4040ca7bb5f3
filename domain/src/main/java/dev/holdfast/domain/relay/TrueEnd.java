package dev.holdfast.domain.relay;

import java.util.regex.Pattern;

/** How a streamed completion's events tell that the answer is whole (spec R-46). */
public final class TrueEnd {
  /** The last event of a stream that came to its end. */
  public static final String DONE = "[DONE]";

  private static final Pattern FINISH = Pattern.compile("\"finish_reason\"\\s*:\\s*\"");

  private TrueEnd() {}

  public static boolean isTold(String data) {
    return data.equals(DONE) || FINISH.matcher(data).find();
  }
}
