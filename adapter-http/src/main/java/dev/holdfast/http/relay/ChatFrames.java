package dev.holdfast.http.relay;

import dev.holdfast.domain.Reason;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Statuses;

/** The frames of a streamed chat completion. */
final class ChatFrames {
  private ChatFrames() {}

  /** Lines end with CR, LF or both, for whoever reads them; what is behind stays data. */
  static String of(String data) {
    String lines = data.indexOf('\r') < 0 ? data : data.replace("\r\n", "\n").replace('\r', '\n');
    return "data: " + lines.replace("\n", "\ndata: ") + "\n\n";
  }

  static String error(Reason reason) {
    return of(Answers.openAiError(Statuses.of(reason), reason.title(), null, reason.code()).text());
  }
}
