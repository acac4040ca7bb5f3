package dev.holdfast.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What asking a provider for its models promises. */
@Timeout(60)
public abstract class ProviderModelsContract {
  protected abstract ProviderModels models();

  /** A provider that lists these. */
  protected abstract PublicProvider having(List<String> names);

  /** An address at which nobody listens. */
  protected abstract PublicProvider nowhere();

  @Test
  @DisplayName("the models of a provider are listed in alphabetical order")
  void listed() throws InterruptedException {
    assertEquals(new Outcome.Done<>(List.of("a:1b", "b/c")), models().list(having(List.of("b/c", "a:1b"))));
  }

  @Test
  @DisplayName("a provider that lists none, and one that isn't there, are refused")
  void none() throws InterruptedException {
    assertEquals(Outcome.refused(Reason.PROVIDER_FAILED), models().list(having(List.of())));
    assertEquals(Outcome.refused(Reason.PROVIDER_FAILED), models().list(nowhere()));
  }
}
