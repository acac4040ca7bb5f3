package dev.holdfast.domain;

/** Text that is not JSON as {@link Json#parse} wants it. The message names the place, never the text. */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JsonException(String what, int position) {
    super(what + " at character " + position);
  }
}
