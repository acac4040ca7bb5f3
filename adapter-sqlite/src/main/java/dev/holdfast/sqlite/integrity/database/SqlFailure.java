package dev.holdfast.sqlite.integrity.database;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** A failed statement, on its way to where it is known what it means for the caller. */
public final class SqlFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  // Primary result codes of https://www.sqlite.org/rescode.html.
  private static final int ERROR = 1;
  private static final int INTERRUPT = 9;
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int NOT_A_DATABASE = 26;
  // Extended result codes: a sync of a file, of a folder.
  private static final int IOERR_FSYNC = IOERR | 4 << 8;
  private static final int IOERR_DIR_FSYNC = IOERR | 5 << 8;

  private final transient Path file;
  private final int code;
  private final int extendedCode;

  public SqlFailure(Path file, SQLException cause) {
    super(cause);
    this.file = file;
    this.code = cause.getErrorCode() & 0xff;
    this.extendedCode = cause instanceof SQLiteException own ? own.getResultCode().code : cause.getErrorCode();
  }

  /** What a failing statement means; nothing was acknowledged. */
  public StoreException asStoreException(String what) {
    return switch (isOfSchema() ? CORRUPT : code) {
      case FULL -> StoreException.full(this);
      case CORRUPT, NOT_A_DATABASE ->
        StoreException.unusable(Reason.STORE_CORRUPT, "the store is damaged: " + file + "; " + what, this);
      default -> StoreException.io(what, this);
    };
  }

  /** Statements never change, so one that has no sense any more finds another schema than its steps have made. */
  private boolean isOfSchema() {
    return code == ERROR && !String.valueOf(getMessage()).contains("transaction");
  }

  /** In a commit, a roll-back or a checkpoint: nobody knows any more what is on disk. */
  public boolean isInputOutput() {
    return code == IOERR;
  }

  /** In any statement: nobody knows any more what is on disk. */
  public boolean isSync() {
    return extendedCode == IOERR_FSYNC || extendedCode == IOERR_DIR_FSYNC;
  }

  /** The file isn't what SQLite wrote. */
  public boolean isCorruption() {
    return code == CORRUPT || code == NOT_A_DATABASE || isOfSchema();
  }

  public boolean isOfNoDatabase() {
    return code == NOT_A_DATABASE;
  }

  /** Its time was over. */
  public boolean isInterruption() {
    return code == INTERRUPT;
  }

  /** SQLite's own number, for those who know it. */
  public int code() {
    return code;
  }

  public boolean isFull() {
    return code == FULL;
  }
}
