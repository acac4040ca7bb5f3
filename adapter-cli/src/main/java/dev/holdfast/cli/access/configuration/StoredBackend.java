package dev.holdfast.cli.access.configuration;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What kind of store a data directory holds, so that who made it with another than the usual one needn't say so each time. */
public final class StoredBackend {
  private StoredBackend() {}

  /** Empty where nothing says it; whoever opens the directory tells what is wrong with it. */
  public static Optional<String> of(Path data) {
    try {
      Object backend = Json.parse(Files.readString(data.resolve("store.json"))).members().get("backend");
      return backend instanceof String name && Form.BACKEND.suits(name) ? Optional.of(name) : Optional.empty();
    } catch (IOException | JsonException e) {
      return Optional.empty();
    }
  }
}
