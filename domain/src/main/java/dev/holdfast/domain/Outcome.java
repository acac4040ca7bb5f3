package dev.holdfast.domain;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The expected endings of an operation. What breaks a promise (a failing disk, say) is thrown instead. */
public sealed interface Outcome<T> {

  /** It was done now. */
  record Done<T>(T value) implements Outcome<T> {}

  /** It had been done before under the same key; the value tells of the original. */
  record Replayed<T>(T value) implements Outcome<T> {}

  /**
   * Nothing changed.
   *
   * @param facts what the caller needs to go on, by the member names that {@code docs/spec} gives beside the reason;
   *     values are texts, numbers or booleans, never content or secrets
   */
  record Refused<T>(Reason reason, Map<String, Object> facts) implements Outcome<T> {
    public Refused {
      Objects.requireNonNull(reason);
      facts = Map.copyOf(facts);
    }

    /** A refusal has no value, so it is a refusal of any type. */
    @SuppressWarnings("unchecked")
    public <U> Refused<U> as() {
      return (Refused<U>) this;
    }
  }

  static <T> Refused<T> refused(Reason reason) {
    return new Refused<>(reason, Map.of());
  }

  static <T> Refused<T> refused(Reason reason, String fact, Object value) {
    return new Refused<>(reason, Map.of(fact, value));
  }

  /** A request whose field breaks a rule; the field is named by its path in the request. */
  static <T> Refused<T> invalid(String field) {
    return refused(Reason.INVALID_REQUEST, "field", field);
  }

  default <U> Outcome<U> map(Function<? super T, ? extends U> change) {
    return switch (this) {
      case Done<T>(T value) -> new Done<>(change.apply(value));
      case Replayed<T>(T value) -> new Replayed<>(change.apply(value));
      case Refused<T> refused -> refused.as();
    };
  }

  /** The value of an operation that can't be refused where it is called; a refusal is a broken promise there. */
  default T orThrow() {
    return switch (this) {
      case Done<T>(T value) -> value;
      case Replayed<T>(T value) -> value;
      case Refused<T> refused -> throw new IllegalStateException("refused: " + refused.reason().code());
    };
  }
}
