package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.sql.SQLException;

/** A failed statement, on its way to where it is known what it means for the caller. */
final class SqlFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  // Primary result codes of https://www.sqlite.org/rescode.html.
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int NOT_A_DATABASE = 26;

  private final int code;

  SqlFailure(SQLException cause) {
    super(cause);
    this.code = cause.getErrorCode() & 0xff;
  }

  /** What a failing statement means; nothing was acknowledged. */
  StoreException asStoreException(String what) {
    return switch (code) {
      case FULL -> StoreException.full(this);
      case CORRUPT, NOT_A_DATABASE ->
        StoreException.unusable(Reason.STORE_CORRUPT, what + ": the database is damaged", this);
      default -> StoreException.io(what, this);
    };
  }

  /** Whether nobody knows any more what of the write is on disk. */
  boolean isInputOutput() {
    return code == IOERR;
  }
}
