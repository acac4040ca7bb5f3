package dev.holdfast.cli.access;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.domain.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that is told a new key's text, and where it puts it. */
abstract class MakingKey extends NodeVerb {
  static final List<Column> FACTS = List.of(Column.of("key", "key_id"), Column.of("role", "role"),
      Column.of("subject", "subject"), Column.of("label", "label"), Column.of("status", "status"),
      Column.of("content", "content"), Column.of("models", "models"),
      Column.of("max in flight", "limits.max_in_flight"),
      Column.of("requests per minute", "limits.requests_per_minute"), Column.of("created", "created_at"),
      Column.of("created by", "created_by"), Column.of("expires", "expires_at"), Column.of("revoked", "revoked_at"),
      Column.of("last used", "last_used_at"), Column.of("version", "version"), Column.of("key file", "key_file"));

  @Option(names = "--out", paramLabel = "FILE",
      description = "Where the key goes: a new file, or - for standard output. Default: LABEL.key in this folder.")
  @Nullable
  String out;

  /** @param made asks the node, once there is a place for the key */
  final void make(String label, Supplier<Json> made) {
    if ("-".equals(out)) {
      show(made.get());
      return;
    }
    try (KeyFile file = out == null ? KeyFile.namedAfter(label) : KeyFile.at(Path.of(out))) {
      Json answer = made.get();
      file.write(Objects.requireNonNull(text(answer, "key_text")));
      var key = key(answer).members();
      key.put("key_file", file.path().toString());
      output().one(Json.of(key), FACTS);
      screen()
          .whisper("the key is in " + file.path() + " and nowhere else; use it with --key-file or HOLDFAST_KEY_FILE");
    }
  }

  private void show(Json answer) {
    if (output().isForPrograms()) {
      output().document(answer);
    } else {
      screen().line(Objects.requireNonNull(text(answer, "key_text")));
      screen().whisper("this is the only time that the key is told");
    }
  }

  private static Json key(Json answer) {
    return Json.of(answer.members().get("key"));
  }
}
