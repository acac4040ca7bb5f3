package dev.holdfast.cli;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ends a command: why, in the reason's words, and what to try next (spec A-105). */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Set<String> PROBLEM_MEMBERS = Set.of("type", "title", "status", "reason", "instance", "note");

  /** Of a data directory, as its lock names it. */
  private static final Pattern HOLDER = Pattern.compile("process ([0-9]+)");

  private final String reason;
  private final String title;
  private @Nullable String note;
  private int exitCode;
  private final TreeMap<String, String> facts = new TreeMap<>();
  private @Nullable String next;
  private int wait;

  private Refusal(String reason, String title, @Nullable String note, int exitCode) {
    super(reason + ": " + title);
    this.reason = reason;
    this.title = title;
    this.note = note;
    this.exitCode = exitCode;
  }

  /** @param note what a user needs beside the reason's fixed title */
  public static Refusal of(Reason reason, @Nullable String note) {
    return new Refusal(reason.code(), reason.title(), note, ExitCode.of(reason));
  }

  public static Refusal of(Outcome.Refused<?> refused) {
    return of(refused.reason(), facts(new TreeMap<>(refused.facts())));
  }

  /** With the causes, which say what the disk or the database itself said. */
  public static Refusal of(StoreException failure) {
    var note = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      // A cause that wraps another one often repeats it.
      if (message != null && note.indexOf(message) < 0) {
        note.append(": ").append(cause instanceof FileSystemException && !message.contains(" ")
            ? cause.getClass().getSimpleName().replace("Exception", "") + " " + message
            : message);
      }
    }
    Reason reason = failure.reason();
    // Of a node's answer it is one call that failed; whoever meets it by itself can't use the directory.
    int exitCode = reason == Reason.STORE_IO ? ExitCode.STORE : ExitCode.of(reason);
    var refusal = new Refusal(reason.code(), reason.title(), note.toString(), exitCode);
    Matcher holder = HOLDER.matcher(note);
    if (reason == Reason.DATA_DIR_LOCKED && holder.find()) {
      // How it was started names its address, where it isn't the usual one.
      refusal.next("ps -fp " + holder.group(1));
    }
    return refusal;
  }

  /** What a node answered in place of what was asked for. */
  static Refusal of(int status, Json problem) {
    Map<String, @Nullable Object> members = problem.members();
    String code = Objects.requireNonNullElse((String) members.get("reason"), "status_" + status);
    Optional<Reason> known = known(code);
    var others = new TreeMap<>(members);
    others.keySet().removeAll(PROBLEM_MEMBERS);
    String note = members.get("note") instanceof String text ? text : facts(others);
    if ("address".equals(members.get("scope")) && code.equals(Reason.RATE_LIMITED.code())) {
      note = "too many wrong keys came from this address; until the wait is over it holds back valid keys, too";
    }
    Refusal refusal = known.isPresent()
        ? of(known.get(), note)
        : new Refusal(code, String.valueOf(members.get("title")), note, ExitCode.ofStatus(status));
    others.forEach((name, value) -> refusal.facts.put(name, String.valueOf(value)));
    return refusal;
  }

  private static Optional<Reason> known(String code) {
    try {
      return Optional.of(Reason.valueOf(code.toUpperCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static @Nullable String facts(Map<String, ? extends @Nullable Object> facts) {
    Map<String, @Nullable Object> left = new TreeMap<>(facts);
    Object field = left.remove("field");
    Object expected = field == null ? null : left.remove("expected");
    Object needed = left.remove("needed_role");
    List<String> texts = new ArrayList<>();
    if (field != null) {
      texts.add(expected == null ? "the value of " + field + " is not valid" : field + ": expected " + expected);
    }
    if (needed != null) {
      texts.add(
          "it needs a key of the role " + needed + (left.containsKey("role") ? ", not " + left.remove("role") : ""));
    }
    left.forEach((name, value) -> texts.add(name + ": " + value));
    return texts.isEmpty() ? null : String.join(", ", texts);
  }

  /** What was asked for is wrong, whatever the reason is told for elsewhere. */
  Refusal ofUsage() {
    exitCode = ExitCode.USAGE;
    return this;
  }

  /** Where no reason was given: the words of the command, or the command itself, are wrong. */
  static Refusal of(String reason, String title, int exitCode) {
    return new Refusal(reason, title, null, exitCode);
  }

  /** A fact that the node gave with the reason; null when it gave none of that name. */
  public @Nullable String fact(String name) {
    return facts.get(name);
  }

  /** @param sentence that tells the facts better than their names and values do */
  public Refusal told(String sentence) {
    note = sentence;
    return this;
  }

  /** What a user needs beside the reason's title; the title where there is nothing. */
  public String note() {
    return note == null ? title : note;
  }

  /** @param command to try, where it is another one than the reason's own */
  public Refusal next(String command) {
    next = command;
    return this;
  }

  /** As {@link #next}, unless a command is named already. */
  public void otherwise(String command) {
    next = next == null ? command : next;
  }

  /** @param more to tell behind what is told already */
  public void noting(String more) {
    note = note == null ? more : note + "; " + more;
  }

  /** @param seconds that the node asks to wait for, 0 when it doesn't */
  Refusal after(int seconds) {
    wait = seconds;
    if (note != null && secondsToWait() > 0) {
      // It is told on a line of its own.
      String rest = note.replaceFirst("retry_after_s: [0-9]+(, )?", "").replaceFirst(", $", "");
      note = rest.isEmpty() ? null : rest;
    }
    return this;
  }

  /**
   * How long to wait before the same call may succeed.
   *
   * @return seconds; 0 when waiting doesn't help or the node says nothing of it
   */
  int secondsToWait() {
    return exitCode == ExitCode.STORE ? 0 : wait;
  }

  public boolean is(Reason other) {
    return reason.equals(other.code());
  }

  /** Whether the node was away or too slow, so that the same call may succeed a little later. */
  public boolean isPassing() {
    return exitCode == ExitCode.UNREACHABLE || exitCode == ExitCode.TIMED_OUT;
  }

  public int exitCode() {
    return exitCode;
  }

  private @Nullable String command() {
    return next != null ? next : known(reason).map(NextCommand::after).orElse(null);
  }

  /** The lines for standard error. */
  public String lines() {
    var lines = new StringBuilder("holdfast: " + title + " (" + reason + ")");
    if (note != null) {
      lines.append("\n  ").append(note);
    }
    int seconds = secondsToWait();
    if (seconds > 0) {
      lines.append("\n  wait: ").append(seconds).append(" s");
    }
    String command = command();
    return command == null ? lines.toString() : lines.append("\n  try: ").append(command).toString();
  }

  /** The same for programs: one object. */
  Json json() {
    Map<String, @Nullable Object> members = new TreeMap<>();
    members.put("error", reason);
    members.put("message", title);
    members.put("exit_code", (long) exitCode);
    put(members, "note", note);
    put(members, "try", command());
    put(members, "facts", facts.isEmpty() ? null : facts);
    put(members, "wait_s", secondsToWait() > 0 ? (long) secondsToWait() : null);
    return Json.of(members);
  }

  private static void put(Map<String, @Nullable Object> members, String name, @Nullable Object value) {
    if (value != null) {
      members.put(name, value);
    }
  }
}
