package dev.holdfast.domain.relay;

import dev.holdfast.domain.Json;
import java.util.List;

/**
 * One call of a model.
 *
 * @param messages oldest first
 * @param options an object, passed to the provider's API beside the messages; its member {@code scripted} is for the
 *     scripted model alone
 */
public record ModelCall(Provider provider, List<Message> messages, Json options) {
  public ModelCall {
    messages = List.copyOf(messages);
  }

  /** @param role system, user, assistant or tool */
  public record Message(String role, String content) {}
}
