package dev.holdfast.domain.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of a call of a provider. */
public sealed interface ProviderAnswer {

  /**
   * An answer in one piece, as the provider gave it, be it an error.
   *
   * @param members what the body says; null where it is no JSON object
   */
  record Whole(int status, String contentType, String body, @Nullable Map<?, ?> members) implements ProviderAnswer {
    public Whole(int status, String contentType, String body) {
      this(status, contentType, body, object(body));
    }

    private static @Nullable Map<?, ?> object(String body) {
      try {
        return Json.read(body) instanceof Map<?, ?> members ? members : null;
      } catch (JsonException e) {
        // A provider may answer with whatever it likes.
        return null;
      }
    }

    public boolean isOk() {
      return status >= 200 && status < 300;
    }

    /** Fit for users. */
    public String note() {
      return "the provider answered with status " + status;
    }

    /** The body, as a text where it is no JSON. */
    public Json json() {
      try {
        return Json.parse(body);
      } catch (JsonException e) {
        return Json.of(body);
      }
    }
  }

  /** A status of success, and an answer whose pieces are yet to come. Whoever has it closes it. */
  record Streamed(AnswerStream stream) implements ProviderAnswer {}

  /**
   * No answer.
   *
   * @param transport whether the provider can't have worked on it, so that another one may be asked (spec R-41)
   * @param note fit for users, without an address, content or secret in it
   */
  record Failed(boolean transport, Reason reason, String note) implements ProviderAnswer {}

  /**
   * Whether another provider may do better: failures of transport, and what a provider's front answers when the provider isn't
   * there (spec R-41).
   */
  default boolean isWorthAnother() {
    return switch (this) {
      case Failed failed -> failed.transport();
      case Whole whole -> whole.status() >= 502 && whole.status() <= 504;
      case Streamed _ -> false;
    };
  }
}
