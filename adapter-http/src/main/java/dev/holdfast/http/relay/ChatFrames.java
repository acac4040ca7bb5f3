package dev.holdfast.http.relay;

import dev.holdfast.domain.Reason;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Statuses;

/** The frames of a streamed chat completion. */
final class ChatFrames {
  private ChatFrames() {}

  static String of(String data) {
    return "data: " + data.replace("\n", "\ndata: ") + "\n\n";
  }

  static String error(Reason reason) {
    return of(Answers.openAiError(Statuses.of(reason), reason.title(), null, reason.code()).text());
  }
}
