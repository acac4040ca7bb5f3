package dev.holdfast.cli.integrity.bench.relay;

import java.nio.charset.StandardCharsets;

/** What is asked and answered: texts of a usual size, in which a call says how it wants to be answered. */
final class Words {
  static final String MODEL = "bench";
  private static final String ASKED = "The quick brown fox jumps over the lazy dog. ".repeat(5).substring(0, 200);
  /** Some 500 bytes. */
  static final String ANSWER = "{\"id\":\"chatcmpl-5f2c0c6f1b8f4f0e9f6d0a7c\",\"object\":\"chat.completion\","
      + "\"created\":1760000000,\"model\":\"" + MODEL
      + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
      + "\"content\":\"" + ASKED + "\"},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":52,"
      + "\"completion_tokens\":48,\"total_tokens\":100},\"system_fingerprint\":\"fp_bench\"}";
  static final String MODELS = "{\"object\":\"list\",\"data\":[{\"id\":\"" + MODEL + "\",\"object\":\"model\"}]}";

  private static final String BEFORE =
      "{\"model\":\"" + MODEL + "\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";
  private static final String AFTER = " and words beyond\"}}]}";
  static final String LAST =
      "{\"model\":\"" + MODEL + "\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
  static final String DONE = "[DONE]";

  private Words() {}

  /**
   * A call that is answered as a stream.
   *
   * @param chunks of the answer, each of a hundred bytes
   * @param everyMicros from one chunk to the next; 0 for all at once
   * @param how what else is wanted: {@link #SILENT} for no answer at all, or the way in which a publisher sends its chunks
   */
  static String streamed(String model, long chunks, long everyMicros, String how) {
    return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + ASKED
        + "\"}],\"stream\":true,\"max_tokens\":" + chunks + ",\"seed\":" + everyMicros + ",\"user\":\"" + how + "\"}";
  }

  static final String SILENT = "silent";

  /** A call that is answered at once, as a whole. */
  static String whole(String model) {
    return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + ASKED
        + "\"}],\"max_tokens\":64,\"temperature\":0.5}";
  }

  /** A chunk's text, sent now. */
  static String chunk() {
    return BEFORE + Stamp.now() + AFTER;
  }

  /** A number in a request, 0 where there is none. */
  static long number(String json, String name) {
    int at = json.indexOf("\"" + name + "\":");
    if (at < 0) {
      return 0;
    }
    int from = at + name.length() + 3;
    int to = from;
    while (to < json.length() && Character.isDigit(json.charAt(to))) {
      to++;
    }
    return to == from ? 0 : Long.parseLong(json, from, to, 10);
  }

  /** A text without escapes, empty where there is none. */
  static String text(String json, String name) {
    int at = json.indexOf("\"" + name + "\":\"");
    if (at < 0) {
      return "";
    }
    int from = at + name.length() + 4;
    return json.substring(from, json.indexOf('"', from));
  }

  /** An event of a stream as a chunk of a body. */
  static byte[] event(String data) {
    String text = "data: " + data + "\n\n";
    return (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }
}
