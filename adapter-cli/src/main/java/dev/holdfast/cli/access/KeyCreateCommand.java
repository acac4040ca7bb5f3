package dev.holdfast.cli.access;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.access.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A new key. */
@Command(
    name = "create",
    aliases = "add",
    description = {
      "Make a key. The key itself is told this once: it goes to a new file that only you can read, LABEL.key in this folder"
          + " unless --out names another, and to standard output only with --out -. Hand the file on, never the text."},
    footer = {
      "", "Examples:",
      "  holdfast key create --role consumer --subject ann --label \"Ann's laptop\"",
      "  holdfast key create --role observer --label dashboard --expires 90d --out dashboard.key",
      "  holdfast key create --role consumer --subject ci --label ci --model scripted --out - | pass insert -e ci",
      "", "Roles: admin, operator, consumer, executor, publisher, observer."})
final class KeyCreateCommand extends MakingKey {
  /** Roles that a subject bounds; the others see every subject's. */
  private static final Set<String> OF_SUBJECTS =
      Set.of(Role.CONSUMER.text(), Role.EXECUTOR.text(), Role.PUBLISHER.text());

  @Option(names = "--role", paramLabel = "ROLE", required = true, description = "What it may do.")
  String role = "";

  @Option(names = "--label", paramLabel = "TEXT", required = true, description = "Whose it is or what for.")
  String label = "";

  @Option(names = "--subject", paramLabel = "NAME",
      description = "In whose name it acts, and whose workers it sees. Default: default.")
  @Nullable
  String subject;

  @Option(names = "--content", negatable = true,
      description = "Whether it reads inputs, answers and transcripts. Default: admin, consumer and executor do.")
  @Nullable
  Boolean content;

  @Option(names = "--model", paramLabel = "MODEL",
      description = "A model that it may use; may be repeated. Default: all.")
  List<String> models = new ArrayList<>();

  @Option(names = "--max-in-flight", paramLabel = "N", description = "Model calls at the same time.")
  @Nullable
  Integer maxInFlight;

  @Option(names = "--requests-per-minute", paramLabel = "N", description = "Default: the node's usual bound.")
  @Nullable
  Integer requestsPerMinute;

  @Option(names = "--expires", paramLabel = "TIME", description = "As in 30d, 12h or 2027-01-31T00:00:00Z.")
  @Nullable
  String expires;

  @Override
  public Integer call() {
    if (Role.of(role).isEmpty()) {
      throw Refusal.of(Reason.INVALID_REQUEST, "the role is one of "
          + String.join(", ", Arrays.stream(Role.values()).map(Role::text).toList()) + ", not " + role);
    }
    String end = expires == null ? null : Texts.instant(KeyTimes.end(expires, Instant.now()));
    Json asked = Json.object("role", role, "label", label, "subject", subject, "content", content, "models",
        models.isEmpty() ? null : models, "max_in_flight", maxInFlight, "requests_per_minute", requestsPerMinute,
        "expires_at", end);
    make(label, () -> client().post("/api/v1/keys", asked));
    if (subject == null && OF_SUBJECTS.contains(role)) {
      screen().talk("holdfast: no --subject was named, so the key acts for the subject default and reaches all that"
          + " default owns, the admin key's workers too; for a person or machine of its own make one with --subject NAME");
    }
    return ExitCode.OK;
  }
}
