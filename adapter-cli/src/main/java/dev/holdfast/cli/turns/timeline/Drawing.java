package dev.holdfast.cli.turns.timeline;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Facts as lines: the time of day, the time since the beginning, a rail that is whole while somebody holds the turn and dotted
 * while nobody does, and the fact. Lines are wrapped at 80 columns; a word that is longer stays whole, so that it can be copied.
 */
final class Drawing {
  private static final int WIDTH = 80;
  private static final long SHORTEST_GAP_MS = 100;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  /** Time, two blanks, clock, two blanks. */
  private static final int LEFT = 12 + 2 + 10 + 2;

  private final List<Mark> marks;
  private final List<String> lines = new ArrayList<>();

  /** @param marks in order, at least one */
  Drawing(List<Mark> marks) {
    this.marks = List.copyOf(marks);
  }

  List<String> lines() {
    Instant start = marks.getFirst().at();
    LocalDate day = day(start);
    lines.add(day + " UTC");
    Mark.Holding holding = Mark.Holding.NOBODY;
    Instant before = start;
    for (int i = 0; i < marks.size(); i++) {
      Mark mark = marks.get(i);
      gap(holding, before, mark.at());
      if (!day(mark.at()).equals(day)) {
        day = day(mark.at());
        lines.add(String.format(Locale.ROOT, "%-" + LEFT + "s", day + " UTC") + holding.rail());
      }
      holding = mark.kind().after(holding);
      String rail = i == marks.size() - 1 ? "    " : holding.rail() + "   ";
      String time = mark.kind() == Mark.Kind.NOW ? "now" : TIME.format(mark.at());
      write(String.format(Locale.ROOT, "%-12s  %10s  ", time, Span.between(start, mark.at()).clock()), bullet(i), rail,
          mark.text());
      mark.details().forEach(detail -> write(" ".repeat(LEFT), rail, rail + "  ", detail));
      before = mark.at();
    }
    return lines;
  }

  private static LocalDate day(Instant at) {
    return at.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private String bullet(int i) {
    if (marks.get(i).kind() == Mark.Kind.NOW) {
      return "▸ ";
    }
    if (i == marks.size() - 1) {
      return "└ ";
    }
    return i == 0 ? "┌ " : "├ ";
  }

  private void gap(Mark.Holding holding, Instant from, Instant to) {
    Span span = Span.between(from, to);
    if (holding != Mark.Holding.HELD && span.length().toMillis() >= SHORTEST_GAP_MS) {
      lines.add(" ".repeat(LEFT) + holding.rail() + " " + holding.gap(span));
    }
  }

  /**
   * @param left what stands left of the rail in the first line
   * @param lead the rail there
   * @param hang the rail of the lines that follow
   */
  private void write(String left, String lead, String hang, String text) {
    String before = left + lead;
    String rest = text;
    while (!rest.isEmpty()) {
      int room = WIDTH - before.length();
      int end = rest.length() <= room ? rest.length() : breakAt(rest, room);
      lines.add((before + rest.substring(0, end)).stripTrailing());
      rest = rest.substring(end).strip();
      before = " ".repeat(left.length()) + hang;
    }
  }

  /** Behind the last word that fits; behind the first one when none does. */
  private static int breakAt(String text, int room) {
    int space = text.lastIndexOf(' ', room);
    if (space <= 0) {
      space = text.indexOf(' ');
    }
    return space <= 0 ? text.length() : space;
  }
}
