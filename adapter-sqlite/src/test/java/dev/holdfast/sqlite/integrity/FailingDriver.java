package dev.holdfast.sqlite.integrity;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A connection on which the runs of one statement fail as a disk would make them fail, when a test says so. */
final class FailingDriver {
  private final String statement;
  private final SQLiteErrorCode error;
  private volatile boolean failing;
  private volatile @Nullable CountDownLatch stalled;

  FailingDriver(String statement, SQLiteErrorCode error) {
    this.statement = statement;
    this.error = error;
  }

  void fail() {
    failing = true;
  }

  /** From now on the statement doesn't come to its end before the latch is down, as with a disk that hangs. */
  void stall(CountDownLatch until) {
    stalled = until;
  }

  void recover() {
    failing = false;
  }

  Connection around(Connection real) {
    return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Connection.class},
        (_, method, arguments) -> {
          @Nullable Object result = invoke(real, method, arguments);
          return result instanceof PreparedStatement prepared && arguments[0].equals(statement) ? around(prepared)
              : result;
        });
  }

  private PreparedStatement around(PreparedStatement real) {
    return (PreparedStatement) Proxy.newProxyInstance(getClass().getClassLoader(),
        new Class<?>[] {PreparedStatement.class}, (_, method, arguments) -> {
          CountDownLatch until = stalled;
          if (method.getName().startsWith("execute") && until != null) {
            until.await();
          }
          if (method.getName().startsWith("execute") && failing) {
            throw new SQLiteException("made to fail", error);
          }
          return invoke(real, method, arguments);
        });
  }

  private static @Nullable Object invoke(Object on, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof SQLException cause ? cause : e.getCause();
    }
  }
}
