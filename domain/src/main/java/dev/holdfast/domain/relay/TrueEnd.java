package dev.holdfast.domain.relay;

import java.util.List;

/** How a streamed completion's events tell that the answer is whole (spec R-46). */
public final class TrueEnd {
  /** The last event of a stream that came to its end. */
  public static final String DONE = "[DONE]";

  private static final List<String> TEXTS =
      List.of("\"content\"", "\"text\"", "\"reasoning_content\"", "\"reasoning\"", "\"delta\"");

  private TrueEnd() {}

  public static boolean isTold(String data) {
    return data.equals(DONE) || has(data, "\"finish_reason\"", "\"");
  }

  /**
   * Whether the end is told once this event came, too. Of an answer with several choices one may end before another, whose
   * pieces then follow: these take the end back.
   *
   * @param before whether it was told up to here
   */
  public static boolean isTold(boolean before, String data) {
    return isTold(data) || (before && !isText(data) && !has(data, "\"tool_calls\"", "[{"));
  }

  /** Whether an event has a piece of the answer's text or of its reasoning, which isn't empty. */
  public static boolean isText(String data) {
    for (String name : TEXTS) {
      if (hasText(data, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasText(String data, String name) {
    for (int at = value(data, name, 0); at > 0; at = value(data, name, at)) {
      if (data.startsWith("\"", at) && !data.startsWith("\"\"", at)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a member of that name, however deep, has a value that begins so. In JSON a quotation mark within a text is escaped, so
   * a quoted name before a colon is nothing but a member. Looking for it is a tenth of the work of a pattern, and every event
   * is looked at.
   *
   * @param begins between whose characters there may be space
   */
  public static boolean has(String data, String name, String begins) {
    for (int at = value(data, name, 0); at > 0; at = value(data, name, at)) {
      int next = at;
      int matched = 0;
      while (matched < begins.length() && next < data.length() && data.charAt(next) == begins.charAt(matched)) {
        matched++;
        next = behindSpace(data, next + 1);
      }
      if (matched == begins.length()) {
        return true;
      }
    }
    return false;
  }

  /** Where the value of the next member of that name begins; 0 where there is none. */
  private static int value(String data, String name, int from) {
    for (int at = data.indexOf(name, from); at >= 0; at = data.indexOf(name, at + name.length())) {
      int colon = behindSpace(data, at + name.length());
      if (colon < data.length() && data.charAt(colon) == ':') {
        return behindSpace(data, colon + 1);
      }
    }
    return 0;
  }

  private static int behindSpace(String data, int from) {
    int at = from;
    while (at < data.length() && data.charAt(at) <= ' ') {
      at++;
    }
    return at;
  }
}
