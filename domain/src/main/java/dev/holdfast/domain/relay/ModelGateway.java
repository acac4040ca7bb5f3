package dev.holdfast.domain.relay;

/** Calls a model for a turn. Implementations block their thread until the call has ended. */
public interface ModelGateway {

  /**
   * Makes one streamed call and hands its pieces to {@code sink} in order, on the calling thread. Interrupting the thread
   * ends the call and closes its connection within a second.
   *
   * @return how the call ended; a provider that fails is an answer, not an exception
   * @throws InterruptedException when the thread was interrupted; the call is over then
   * @throws RuntimeException what {@code sink} threw, unchanged; the call is over then
   */
  ModelEnd call(ModelCall call, ModelSink sink) throws InterruptedException;
}
