package dev.holdfast.domain.turns;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an input of a response brings along: it is shown to the model with the input and is no part of the transcript
 * (spec relay R-50). It travels in the input's options, in a member that is never part of a model's call.
 *
 * @param instructions shown before everything, for the turn that the input opens alone
 * @param items shown just before the input, whenever it is
 */
public record GivenContext(@Nullable String instructions, List<ContextItem> items) {
  /** Of the input's options. */
  public static final String MEMBER = "response";

  private static final GivenContext NONE = new GivenContext(null, List.of());

  public GivenContext {
    items = List.copyOf(items);
  }

  /** Whether the worker's inputs bring such a thing; with others the member means nothing to the node. */
  public static boolean isWith(Worker worker) {
    return worker.profile().equals(ProfileSelector.RESPONSES);
  }

  /** What cannot be understood counts as nothing: whoever may send inputs may write what they like there. */
  public static GivenContext of(Input input) {
    if (input.options() == null || !(input.options().members().get(MEMBER) instanceof Map<?, ?> members)) {
      return NONE;
    }
    List<ContextItem> items = new ArrayList<>();
    if (members.get("given") instanceof List<?> given) {
      for (Object item : given) {
        if (item instanceof Map<?, ?> one && one.get("content") instanceof String content) {
          items.add(new ContextItem(role(one.get("role")), content));
        }
      }
    }
    return new GivenContext(instructions(members.get("request")), items);
  }

  private static @Nullable String instructions(@Nullable Object request) {
    return request instanceof Map<?, ?> members && members.get("instructions") instanceof String text ? text : null;
  }

  private static TranscriptEntry.Role role(@Nullable Object text) {
    for (TranscriptEntry.Role role : TranscriptEntry.Role.values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    return TranscriptEntry.Role.USER;
  }

  /**
   * The options of an input that brings this along.
   *
   * @param call the options of the model's call
   * @param request what was asked for, to be told again, with the instructions
   */
  public static Json options(Json call, List<ContextItem> items, Json request) {
    Map<String, @Nullable Object> members = new TreeMap<>(call.members());
    members.put(MEMBER, Json.object(
        "given",
        items.stream().map(item -> Json.object("role", item.role().text(), "content", item.content())).toList(),
        "request", request));
    return Json.of(members);
  }

  /** The request that {@link #options} was given; an empty object where there is none. */
  public static Json request(Json options) {
    return options.members().get(MEMBER) instanceof Map<?, ?> members && members.get("request") instanceof Map<?, ?> all
        ? Json.of(all)
        : Json.EMPTY_OBJECT;
  }

  /** The options of the model's call alone. */
  public static Json ofCall(Json options) {
    Map<String, @Nullable Object> members = new TreeMap<>(options.members());
    members.remove(MEMBER);
    return Json.of(members);
  }
}
