package dev.holdfast.http.relay;

import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.ModelSink;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** Calls public providers over HTTP. */
@Singleton
@Named("upstream")
final class HttpModelGateway implements ModelGateway {
  @Override
  public ModelEnd call(ModelCall call, ModelSink sink) throws InterruptedException {
    return new ModelEnd.Failed(false, "no provider can be called yet");
  }
}
