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

  private static PublicProvider provider(String name) {
    return RelayRows.plain(name, START);
  }

  private static VirtualProvider inPool(String name, char publisher) {
    VirtualProvider plain = RelayRows.served(name, publisher, START);
    return plain.registered(plain.publisher(), RelayRows.fullOffer(name), VirtualProvider.Status.HIBERNATING, START);
  }

  private static List<String> names(List<? extends Provider> providers) {
    return providers.stream().map(Provider::name).toList();
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
    var full = RelayRows.full("a", START.plusNanos(1000));
    put(new ProviderChange.PublicPut(full));
    nowAndAfterReopen(() -> assertEquals(Optional.of(full), read(state -> state.provider("a"))));

    put(new ProviderChange.PublicPut(provider("a")));
    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(provider("a")), read(state -> state.provider("a")));
      assertEquals(List.of("a"), names("", 10));
    });
  }

  @Test
  @DisplayName("providers are listed by name in pages, and a deleted one is gone")
  void listed() {
    for (String name : List.of("m", "a.b", "z", "a-b", "a0")) {
      put(new ProviderChange.PublicPut(provider(name)));
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
    put(new ProviderChange.PublicPut(provider("a")), new ProviderChange.PublicPut(provider("b")),
        new ProviderChange.DefaultModelPut("a"));
    assertEquals(Optional.of("a"), read(ProviderReads::defaultModel));

    put(new ProviderChange.DefaultModelPut("b"));
    nowAndAfterReopen(() -> assertEquals(Optional.of("b"), read(ProviderReads::defaultModel)));
  }

  @Test
  @DisplayName("a virtual provider comes back with every member in each status, and may take a public one's place")
  void virtual() {
    VirtualProvider active = RelayRows.served("a", 'a', START.plusNanos(1000));
    VirtualProvider hibernating = inPool("a", 'b').enabled(false, START.plusSeconds(1));
    for (VirtualProvider one : List.of(active, hibernating, hibernating.lost(START.plusSeconds(2)))) {
      put(new ProviderChange.VirtualPut(one));
      nowAndAfterReopen(() -> assertEquals(Optional.of(one), read(state -> state.provider("a"))));
    }
    put(new ProviderChange.PublicPut(provider("a")));
    assertEquals(List.of(provider("a")), read(state -> state.providers("", 10)));
    assertEquals(List.of(), read(state -> state.providersBy(active.publisher())));
    put(new ProviderChange.VirtualPut(active));
    nowAndAfterReopen(() -> assertEquals(List.of(active), read(state -> state.providers("", 10))));
  }

  @Test
  @DisplayName("a model is served by those in the pool of its name and by the one of its name that is in none")
  void ofModel() {
    put(new ProviderChange.PublicPut(provider("pool")), new ProviderChange.VirtualPut(inPool("m", 'a')),
        new ProviderChange.PublicPut(RelayRows.full("b", START)),
        new ProviderChange.VirtualPut(RelayRows.served("c", 'a', START)));
    nowAndAfterReopen(() -> {
      assertEquals(List.of("b", "m", "pool"), names(read(state -> state.providersOf("pool"))));
      assertEquals(List.of("c"), names(read(state -> state.providersOf("c"))));
      assertEquals(List.of(), read(state -> state.providersOf("m")), "in a pool it has no name of its own");
      assertEquals(List.of(), read(state -> state.providersOf("")));
    });

    put(new ProviderChange.Deleted("pool"), new ProviderChange.VirtualPut(RelayRows.served("m", 'a', START)));
    nowAndAfterReopen(() -> {
      assertEquals(List.of("b"), names(read(state -> state.providersOf("pool"))));
      assertEquals(List.of("m"), names(read(state -> state.providersOf("m"))));
    });
  }

  @Test
  @DisplayName("a publisher's providers are listed by name, and move with a provider that another one adopted")
  void ofPublisher() {
    String one = RelayRows.publisherId('a');
    String other = RelayRows.publisherId('b');
    put(new ProviderChange.VirtualPut(RelayRows.served("z", 'a', START)),
        new ProviderChange.VirtualPut(RelayRows.served("x", 'b', START)),
        new ProviderChange.VirtualPut(inPool("y", 'a')), new ProviderChange.PublicPut(provider("p")));
    nowAndAfterReopen(() -> {
      assertEquals(List.of("y", "z"), names(read(state -> state.providersBy(one))));
      assertEquals(List.of("x"), names(read(state -> state.providersBy(other))));
      assertEquals(List.of(), read(state -> state.providersBy("")));
    });

    put(new ProviderChange.VirtualPut(RelayRows.served("z", 'b', START)));
    nowAndAfterReopen(() -> {
      assertEquals(List.of("y"), names(read(state -> state.providersBy(one))));
      assertEquals(List.of("x", "z"), names(read(state -> state.providersBy(other))));
    });
  }
}
