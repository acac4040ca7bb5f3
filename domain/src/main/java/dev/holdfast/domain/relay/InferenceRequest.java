package dev.holdfast.domain.relay;

import dev.holdfast.domain.Json;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of a model, in the words of OpenAI's API. What the node doesn't know of it is the provider's business.
 *
 * @param path behind a provider's base address, such as {@code /chat/completions}
 * @param body an object; its member {@code model} names the model as the caller knows it
 * @param streaming whether the answer is to come in pieces
 */
public record InferenceRequest(String path, Json body, boolean streaming) {
  private static final String SCRIPTED = "\"scripted\"";
  public static final String CHAT = "/chat/completions";
  /** Whatever is asked of a provider is asked there. */
  public static final Set<String> PATHS = Set.of(CHAT, "/completions", "/embeddings");

  /** The same request with the name by which the provider knows the model, without what is for the scripted one alone. */
  public Json bodyFor(String backendModel) {
    String named = body.text().contains(SCRIPTED) ? null : new NamedModel(backendModel).replaced(body.text());
    if (named != null) {
      return Json.canonical(named);
    }
    Map<String, @Nullable Object> members = new TreeMap<>(body.members());
    members.remove("scripted");
    members.put("model", backendModel);
    return Json.of(members);
  }
}
