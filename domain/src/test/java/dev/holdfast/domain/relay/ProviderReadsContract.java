package dev.holdfast.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.integrity.StoreSuite;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about providers. */
public abstract class ProviderReadsContract extends StoreSuite {

  private static Provider provider(String name) {
    return new Provider(name, "http://127.0.0.1:11434/v1", "model:7b", null, START);
  }

  private List<String> names(String after, int limit) {
    return read(state -> state.providers(after, limit)).stream().map(Provider::name).toList();
  }

  @Test
  @DisplayName("a new store has no provider and no default model")
  void nothing() {
    assertEquals(List.of(), names("", 10));
    assertTrue(read(state -> state.provider("scripted")).isEmpty());
    assertTrue(read(ProviderReads::defaultModel).isEmpty());
  }

  @Test
  @DisplayName("a provider comes back with every member, and a later one of its name takes its place")
  void comesBack() {
    var full = new Provider("a", "https://example.org/v1", "b", "env:KEY", START.plusNanos(1000));
    put(new ProviderChange.Put(full));
    nowAndAfterReopen(() -> assertEquals(Optional.of(full), read(state -> state.provider("a"))));

    put(new ProviderChange.Put(provider("a")));
    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(provider("a")), read(state -> state.provider("a")));
      assertEquals(List.of("a"), names("", 10));
    });
  }

  @Test
  @DisplayName("providers are listed by name in pages, and a deleted one is gone")
  void listed() {
    for (String name : List.of("m", "a.b", "z", "a-b", "a0")) {
      put(new ProviderChange.Put(provider(name)));
    }
    assertEquals(List.of("a-b", "a.b", "a0", "m", "z"), names("", 10));
    assertEquals(List.of("a0", "m"), names("a.b", 2));
    assertEquals(List.of("m"), names("b", 1));
    assertEquals(List.of(), names("z", 10));
    assertEquals(List.of(), names("", 0));

    put(new ProviderChange.Deleted("a0"));
    nowAndAfterReopen(() -> {
      assertTrue(read(state -> state.provider("a0")).isEmpty());
      assertEquals(List.of("a-b", "a.b", "m", "z"), names("", 10));
    });
  }

  @Test
  @DisplayName("the default model is the last that was put")
  void defaultModel() {
    put(new ProviderChange.Put(provider("a")), new ProviderChange.Put(provider("b")),
        new ProviderChange.DefaultModelPut("a"));
    assertEquals(Optional.of("a"), read(ProviderReads::defaultModel));

    put(new ProviderChange.DefaultModelPut("b"));
    nowAndAfterReopen(() -> assertEquals(Optional.of("b"), read(ProviderReads::defaultModel)));
  }
}
