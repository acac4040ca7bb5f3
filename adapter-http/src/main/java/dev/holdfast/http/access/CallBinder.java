package dev.holdfast.http.access;

import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;

/** Gives a controller's method the {@link Call} that the gate made of its request. */
@Singleton
final class CallBinder implements TypedRequestArgumentBinder<Call> {
  @Override
  public Argument<Call> argumentType() {
    return Argument.of(Call.class);
  }

  @Override
  public BindingResult<Call> bind(ArgumentConversionContext<Call> context, HttpRequest<?> source) {
    return () -> source.getAttribute(Call.ATTRIBUTE, Call.class);
  }
}
