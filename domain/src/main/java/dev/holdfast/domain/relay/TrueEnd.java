package dev.holdfast.domain.relay;

import java.util.regex.Pattern;

/** How a streamed completion's events tell that the answer is whole (spec R-46). */
public final class TrueEnd {
  /** The last event of a stream that came to its end. */
  public static final String DONE = "[DONE]";

  private static final Pattern FINISH = Pattern.compile("\"finish_reason\"\\s*:\\s*\"");

  private static final Pattern MORE = Pattern.compile(
      "\"(?:content|reasoning_content|reasoning|text)\"\\s*:\\s*\"[^\"]|\"tool_calls\"\\s*:\\s*\\[\\s*\\{");

  private TrueEnd() {}

  public static boolean isTold(String data) {
    return data.equals(DONE) || FINISH.matcher(data).find();
  }

  /**
   * Whether the end is told once this event came, too. Of an answer with several choices one may end before another, whose
   * pieces then follow: these take the end back.
   *
   * @param before whether it was told up to here
   */
  public static boolean isTold(boolean before, String data) {
    return isTold(data) || (before && !MORE.matcher(data).find());
  }
}
