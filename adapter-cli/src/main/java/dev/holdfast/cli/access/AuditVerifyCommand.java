package dev.holdfast.cli.access;

import dev.holdfast.application.access.AuditTrail;
import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AuditHead;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether the audit is as it was sealed. */
@Command(
    name = "verify",
    description = {
      "Check every record against its seal. Ends with exit code 8 and the first wrong record's number when one was changed or"
          + " taken away."},
    footer = {
      "", "Examples:",
      "  holdfast audit verify",
      "  holdfast audit verify --head \"$(tail -1 ~/notes/holdfast-heads)\"",
      "  holdfast audit verify --offline --data /srv/holdfast       with the node stopped"})
final class AuditVerifyCommand extends NodeVerb {
  private static final List<Column> FACTS = List.of(Column.of("verified records", "verified_to"),
      Column.of("head", "head_text"), Column.of("first wrong record", "seq"), Column.of("fault", "meaning"));

  @Option(names = "--head", paramLabel = "SEQ:MAC", description = "A head that was noted and must still be there.")
  @Nullable
  String head;

  @Option(names = "--offline", description = "Check the data directory of a stopped node, without a key.")
  boolean offline;

  @Override
  public Integer call() {
    AuditHead noted = noted();
    if (!offline) {
      return told(checked(after -> client().object("/api/v1/audit/verify?after=" + after
          + (head == null ? "" : "&head=" + Client.encoded(head)))));
    }
    Path key = KeyLookup.adminKeyFile(settings()).resolveSibling("audit.key");
    // Opening the directory would make another, with which nothing can be checked.
    if (!Files.exists(key)) {
      throw Refusal.of(Reason.STORE_MISSING, key + " isn't there; restore it from a backup: nothing else tells what "
          + "it sealed from what somebody wrote");
    }
    try (Node node = StoppedNode.open(settings())) {
      AuditTrail audit = node.use(AuditTrail.class);
      return told(checked(after -> switch (audit.verify(Long.parseLong(after), noted)) {
        case Outcome.Done<AuditTrail.Verified>(AuditTrail.Verified found) -> json(found);
        case Outcome.Replayed<AuditTrail.Verified>(AuditTrail.Verified found) -> json(found);
        case Outcome.Refused<AuditTrail.Verified> refused -> throw Refusal.of(refused);
      }));
    }
  }

  private @Nullable AuditHead noted() {
    if (head == null) {
      return null;
    }
    if (AuditTrail.readHead(head) instanceof Outcome.Done<AuditHead>(AuditHead noted)) {
      return noted;
    }
    throw Refusal.of(Reason.INVALID_REQUEST, "a head is written as holdfast audit head prints it, SEQ:MAC");
  }

  /** In the form of the node's own answer. */
  private static Json json(AuditTrail.Verified found) {
    return Json.object("verified_to", found.to(), "next", found.isOver() ? null : Long.toString(found.to()), "fault",
        found.fault() == null ? null : found.fault().name().toLowerCase(Locale.ROOT), "seq",
        found.fault() == null ? null : found.to() + 1, "head",
        Json.object("seq", found.head().seq(), "mac", found.head().mac()));
  }

  private Json checked(Function<String, Json> page) {
    String after = "0";
    while (true) {
      Json found = page.apply(after);
      String next = text(found, "next");
      if (next == null) {
        return found;
      }
      after = next;
      screen().await("checked " + after + " records");
    }
  }

  private int told(Json found) {
    String fault = text(found, "fault");
    if (output().isForPrograms()) {
      output().document(found);
    } else {
      var members = found.members();
      members.put("head_text", AuditCommand.Head.word(Json.of(members.get("head"))));
      members.put("meaning", fault == null ? null : fault + ": " + meaning(fault));
      output().one(Json.of(members), FACTS);
    }
    return fault == null ? ExitCode.OK : ExitCode.STORE;
  }

  private static String meaning(String fault) {
    return switch (fault) {
      case "missing" -> "the record was taken out, and later ones are there";
      case "truncated" -> "the record and all that came after it were taken away";
      default -> "the record isn't the one that the node sealed: it was changed, or keys/audit.key was";
    };
  }
}
