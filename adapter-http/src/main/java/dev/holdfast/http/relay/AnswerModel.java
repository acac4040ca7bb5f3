package dev.holdfast.http.relay;

import dev.holdfast.domain.Json;

/**
 * The name of a model that answers show their caller in place of the provider's. Only an answer's own member {@code model} is
 * the model's name; one that lies deeper is content, and stays as it is.
 */
final class AnswerModel {
  private static final String MEMBER = "\"model\"";

  private final String name;

  AnswerModel(String name) {
    this.name = Json.of(name).text();
  }

  /** @param answer an object's text; one that names no model, or is no JSON, is given back as it is */
  String in(String answer) {
    if (!answer.contains(MEMBER)) {
      return answer;
    }
    int depth = 0;
    for (int i = 0; i < answer.length(); i++) {
      switch (answer.charAt(i)) {
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case '"' -> {
          int end = endOfText(answer, i);
          int value = depth == 1 && answer.startsWith(MEMBER, i) ? valueBehind(answer, end) : 0;
          if (value > 0) {
            return answer.substring(0, value) + name + answer.substring(endOfText(answer, value));
          }
          i = end - 1;
        }
        default -> {
          // Nothing begins or ends here.
        }
      }
    }
    return answer;
  }

  /** Where the text begins that is the value of the member whose name ends there; 0 where there is none. */
  private static int valueBehind(String answer, int end) {
    int colon = skipSpace(answer, end);
    int value = skipSpace(answer, colon + 1);
    return value < answer.length() && answer.charAt(colon) == ':' && answer.charAt(value) == '"' ? value : 0;
  }

  private static int skipSpace(String answer, int from) {
    int at = from;
    while (at < answer.length() && answer.charAt(at) <= ' ') {
      at++;
    }
    return at;
  }

  /** Behind the quotation mark that ends the text which begins there. */
  private static int endOfText(String answer, int begin) {
    int end = begin + 1;
    while (end < answer.length() && answer.charAt(end) != '"') {
      end += answer.charAt(end) == '\\' ? 2 : 1;
    }
    return Math.min(end + 1, answer.length());
  }
}
