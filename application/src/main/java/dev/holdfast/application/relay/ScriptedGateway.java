package dev.holdfast.application.relay;

import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.ModelSink;
import dev.holdfast.domain.relay.ScriptedModel;

/** Plays the scripted model's script at its pace; every other provider is called through the gateway behind it. */
public final class ScriptedGateway implements ModelGateway {
  private final ModelGateway others;

  public ScriptedGateway(ModelGateway others) {
    this.others = others;
  }

  @Override
  public ModelEnd call(ModelCall call, ModelSink sink) throws InterruptedException {
    if (!call.provider().isScripted()) {
      return others.call(call, sink);
    }
    ScriptedModel.Script script = ScriptedModel.script(call);
    for (ScriptedModel.Delta delta : script.deltas()) {
      Thread.sleep(script.pause());
      sink.delta(delta.reasoning(), delta.text());
    }
    return script.end();
  }
}
