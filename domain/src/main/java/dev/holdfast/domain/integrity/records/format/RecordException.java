package dev.holdfast.domain.integrity.records.format;

/**
 * Bytes or text that are not the record that was asked for, or a value that can't be written as one. The message names the
 * place and what is wrong there, never what a record says.
 */
public final class RecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RecordException(String message) {
    super(message);
  }

  RecordException(String message, Throwable cause) {
    super(message, cause);
  }

  static RecordException impossible(String field, String what) {
    return new RecordException(field + " " + what);
  }
}
