package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** A failed statement, on its way to where it is known what it means for the caller. */
final class SqlFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  // Primary result codes of https://www.sqlite.org/rescode.html.
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int NOT_A_DATABASE = 26;
  // Extended result codes: a sync of a file, of a folder.
  private static final int IOERR_FSYNC = IOERR | 4 << 8;
  private static final int IOERR_DIR_FSYNC = IOERR | 5 << 8;

  private final int code;
  private final int extendedCode;

  SqlFailure(SQLException cause) {
    super(cause);
    this.code = cause.getErrorCode() & 0xff;
    this.extendedCode = cause instanceof SQLiteException own ? own.getResultCode().code : cause.getErrorCode();
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

  /** In a commit, a roll-back or a checkpoint: nobody knows any more what is on disk. */
  boolean isInputOutput() {
    return code == IOERR;
  }

  /** In any statement: nobody knows any more what is on disk. */
  boolean isSync() {
    return extendedCode == IOERR_FSYNC || extendedCode == IOERR_DIR_FSYNC;
  }

  boolean isFull() {
    return code == FULL;
  }
}
