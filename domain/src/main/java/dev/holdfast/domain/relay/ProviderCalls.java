package dev.holdfast.domain.relay;

/** Calls public providers at their addresses. Implementations block their thread until the answer begins. */
public interface ProviderCalls {

  /**
   * Makes one call with the key that the provider was set with, and follows no redirect. Interrupting the thread ends the call
   * and closes its connection.
   *
   * @return how the provider answered; a provider that fails is an answer, not an exception. A request for a stream is
   *     answered whole where the provider refuses it or doesn't stream
   * @throws InterruptedException when the thread was interrupted; the call is over then
   */
  ProviderAnswer call(PublicProvider provider, InferenceRequest request) throws InterruptedException;
}
