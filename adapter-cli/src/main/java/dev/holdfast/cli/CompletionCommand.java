package dev.holdfast.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Completion for a shell, made of the commands and options themselves. */
@Command(
    name = "completion",
    description = "Print the completion script of a shell.",
    footer = {
      "", "Examples:",
      "  source <(holdfast completion bash)",
      "  holdfast completion zsh > ~/.holdfast-completion.zsh   and source it in ~/.zshrc"})
final class CompletionCommand extends Verb {
  /** The shells there is a script for. */
  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(paramLabel = "bash|zsh", description = "The shell.")
  Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    String script = AutoComplete.bash("holdfast", spec.root().commandLine());
    // The script speaks to zsh through its emulation of bash's completion, which has to be loaded first.
    screen().piece(switch (shell) {
      case BASH -> script;
      case ZSH -> "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" + script;
    });
    return ExitCode.OK;
  }
}
