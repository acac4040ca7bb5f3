package dev.holdfast.cli;

import dev.holdfast.cli.access.AuditCommand;
import dev.holdfast.cli.access.KeyCommand;
import dev.holdfast.cli.access.WhoamiCommand;
import dev.holdfast.cli.events.EventCommand;
import dev.holdfast.cli.integrity.ConfigCommand;
import dev.holdfast.cli.integrity.ServeCommand;
import dev.holdfast.cli.integrity.bench.BenchCommand;
import dev.holdfast.cli.integrity.doctor.DoctorCommand;
import dev.holdfast.cli.integrity.store.StoreCommand;
import dev.holdfast.cli.relay.ModelCommand;
import dev.holdfast.cli.relay.ProviderCommand;
import dev.holdfast.cli.relay.PublisherCommand;
import dev.holdfast.cli.relay.TaskCommand;
import dev.holdfast.cli.relay.publishing.PublishCommand;
import dev.holdfast.cli.turns.ChatCommand;
import dev.holdfast.cli.turns.InputCommand;
import dev.holdfast.cli.turns.QueueCommand;
import dev.holdfast.cli.turns.RunCommand;
import dev.holdfast.cli.turns.SessionCommand;
import dev.holdfast.cli.turns.TurnCommand;
import dev.holdfast.cli.workers.RuntimeCommand;
import dev.holdfast.cli.workers.WorkerCommand;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commands by name. A command line gets only the one that it names: describing all of them takes longer than most of them
 * run.
 */
final class Commands {
  private static final List<String> NAMES =
      List.of("run", "chat", "serve", "publish", "worker", "input", "turn", "queue", "session",
          "event", "model", "provider", "publisher", "task", "runtime", "key", "audit", "store", "config", "doctor",
          "bench", "whoami",
          "version",
          "completion");

  /** The global options that have a value, which is not a command's name. */
  private static final Set<String> VALUED = Set.of("-o", "--output", "--url", "--key-file", "--context",
      "--ca-file", "--data", "--timeout");

  private Commands() {}

  /** What these words need: one command, or all of them to explain or complete. */
  static List<Class<?>> neededBy(String... words) {
    String name = named(words);
    Class<?> one = name == null || name.equals("completion") ? null : of(name);
    return one == null ? NAMES.stream().<Class<?>>map(Commands::required).toList() : List.of(one);
  }

  private static @Nullable String named(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (VALUED.contains(words[i])) {
        i++;
      } else if (!words[i].startsWith("-")) {
        return words[i];
      } else if (words[i].equals("-h") || words[i].equals("--help")) {
        return null;
      }
    }
    return null;
  }

  private static Class<?> required(String name) {
    Class<?> command = of(name);
    if (command == null) {
      throw new IllegalStateException("no command: " + name);
    }
    return command;
  }

  private static @Nullable Class<?> of(String name) {
    return switch (name) {
      case "run" -> RunCommand.class;
      case "chat" -> ChatCommand.class;
      case "serve" -> ServeCommand.class;
      case "publish" -> PublishCommand.class;
      case "worker" -> WorkerCommand.class;
      case "input" -> InputCommand.class;
      case "turn" -> TurnCommand.class;
      case "queue" -> QueueCommand.class;
      case "session" -> SessionCommand.class;
      case "event" -> EventCommand.class;
      case "model" -> ModelCommand.class;
      case "provider" -> ProviderCommand.class;
      case "publisher" -> PublisherCommand.class;
      case "task" -> TaskCommand.class;
      case "runtime" -> RuntimeCommand.class;
      case "key" -> KeyCommand.class;
      case "audit" -> AuditCommand.class;
      case "store" -> StoreCommand.class;
      case "config" -> ConfigCommand.class;
      case "doctor" -> DoctorCommand.class;
      case "bench" -> BenchCommand.class;
      case "whoami" -> WhoamiCommand.class;
      case "version" -> VersionCommand.class;
      case "completion" -> CompletionCommand.class;
      default -> null;
    };
  }
}
