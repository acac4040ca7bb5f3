package dev.holdfast.cli.relay.publishing;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Screen;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.publishing.PublishingState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a publisher's user sees: for programs every state as one line, for people what changes. */
final class Shown {
  private static final List<Column> COLUMNS = List.of(Column.of("LINK", "link"));

  private final Screen screen;
  private final Output output;
  private final String node;
  private final List<Skipped> skipped = new ArrayList<>();
  private PublishingState.@Nullable Link link;
  private String counts = "";

  /** A model that isn't served, and why. */
  record Skipped(String name, String why) {}

  Shown(Screen screen, Output output, String node) {
    this.screen = screen;
    this.output = output;
    this.node = node;
  }

  void skip(String name, String why) {
    skipped.add(new Skipped(name, why));
    if (!output.isForPrograms()) {
      screen.talk("  skipped    " + name + ": " + why);
    }
  }

  void serve(String name, Servers.Found found, String how) {
    if (!output.isForPrograms()) {
      screen.line("  " + how + "    " + name + "   " + found.model() + " at " + found.server());
    }
  }

  synchronized void state(PublishingState state) {
    if (output.isForPrograms()) {
      output.row(json(state), COLUMNS);
      return;
    }
    if (!state.link().equals(link)) {
      link = state.link();
      String text = text(state.link());
      if (!text.isEmpty()) {
        screen.talk(text);
      }
    }
    String now = state.providers().stream().map(Shown::counts).collect(Collectors.joining(", "));
    boolean idle = state.providers().stream().allMatch(one -> one.inFlight() == 0);
    if (screen.isTerminal()) {
      screen.await(now);
    } else if (idle && !now.equals(counts)) {
      counts = now;
      screen.line("  " + now);
    }
  }

  private static String counts(PublishingState.Provider one) {
    return one.name() + " " + one.inFlight() + " in flight, " + one.done() + " done"
        + (one.failed() == 0 ? "" : ", " + one.failed() + " failed (" + one.note() + ")");
  }

  private String text(PublishingState.Link now) {
    return switch (now) {
      case PublishingState.Connecting _ -> "";
      case PublishingState.Open(String publisher) -> "linked to " + node + " as " + publisher;
      case PublishingState.Waiting waiting -> "no link to " + node + " (" + waiting.reason() + "); trying again in "
          + Math.max(1, waiting.pause().toSeconds()) + " s";
      case PublishingState.Draining _ -> "stopping; calls under way have 30 s to end (again to stop at once)";
      case PublishingState.Closed _ -> "";
    };
  }

  private Json json(PublishingState state) {
    String reason = state.link() instanceof PublishingState.Waiting waiting ? waiting.reason() : null;
    String publisher = state.link() instanceof PublishingState.Open(String id) ? id : null;
    return Json.object("link", word(state.link()), "publisher_id", publisher, "reason", reason, "providers",
        state.providers().stream()
            .map(one -> Json.object("name", one.name(), "backend_model", one.model(), "status", one.status().text(),
                "in_flight", one.inFlight(), "done", one.done(), "failed", one.failed(), "note", one.note()))
            .toList(),
        "skipped", skipped.stream().map(one -> Json.object("name", one.name(), "note", one.why())).toList());
  }

  private static String word(PublishingState.Link link) {
    return switch (link) {
      case PublishingState.Connecting _ -> "connecting";
      case PublishingState.Open _ -> "open";
      case PublishingState.Waiting _ -> "waiting";
      case PublishingState.Draining _ -> "draining";
      case PublishingState.Closed _ -> "closed";
    };
  }
}
