package dev.holdfast.cli;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Ctrl-C and termination. A shutdown hook would not do: it can't choose the exit code and doesn't hear a second signal.
 * Java's own way to hear signals is outside its documented interface, hence by reflection.
 */
public final class Interrupts {
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");
  private static final int SIGNAL_BASE = 128;

  private Interrupts() {}

  /**
   * @param first runs at the first signal, on a thread of its own, with the exit code that the signal stands for; the second
   *     signal ends the process at once
   */
  public static void handle(IntConsumer first) {
    var heard = new AtomicBoolean();
    NAMES.forEach(name -> listen(name, code -> hear(heard, code, first)));
  }

  /** @param again runs at each SIGHUP, which doesn't end the process then, on a thread of its own */
  public static void onHangUp(Runnable again) {
    listen("HUP", _ -> again.run());
  }

  private static void listen(String name, IntConsumer task) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object raised = signal.getConstructor(String.class).newInstance(name);
      int code = SIGNAL_BASE + (int) signal.getMethod("getNumber").invoke(raised);
      Object listener = Proxy.newProxyInstance(Interrupts.class.getClassLoader(), new Class<?>[] {handler},
          (_, method, _) -> {
            if (method.getName().equals("handle")) {
              task.accept(code);
            }
            return null;
          });
      signal.getMethod("handle", signal, handler).invoke(null, raised, listener);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Where a JVM has no such thing, a signal ends the process, which is as safe as a crash.
      return;
    }
  }

  private static void hear(AtomicBoolean heard, int code, IntConsumer first) {
    if (heard.getAndSet(true)) {
      Runtime.getRuntime().halt(code);
    }
    first.accept(code);
  }
}
