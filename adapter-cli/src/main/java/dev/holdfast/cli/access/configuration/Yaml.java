package dev.holdfast.cli.access.configuration;

import dev.holdfast.domain.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.NonPrintableStyle;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * YAML 1.2 as far as it says what JSON can say. It is read event by event, so that nothing is ever made of a tag, an anchor can't
 * multiply anything, and each value keeps its line.
 */
public final class Yaml {
  static final int MAX_DEPTH = 32;
  static final int MAX_CHARACTERS = 1024 * 1024;

  private static final LoadSettings READING = LoadSettings.builder().setCodePointLimit(MAX_CHARACTERS)
      .setSchema(new JsonSchema()).setParseComments(false).build();

  private final Iterator<Event> events;

  private Yaml(Iterator<Event> events) {
    this.events = events;
  }

  /** One document, in block style, ending with a newline. */
  public static String written(Json json) {
    DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setSplitLines(false)
        .setNonPrintableStyle(NonPrintableStyle.ESCAPE).setDereferenceAliases(true).build();
    return new Dump(settings).dumpToString(json.value());
  }

  /** Text that is not the YAML that is read here. */
  static final class Misread extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int line;

    Misread(int line, String problem) {
      super(problem);
      this.line = line;
    }

    int line() {
      return line;
    }

    String problem() {
      return Objects.requireNonNull(getMessage());
    }
  }

  /**
   * @return the document; an object without members where there is none
   * @throws Misread with the line, also for tags, anchors, duplicate members, and nesting beyond {@link #MAX_DEPTH}
   */
  static Located read(String text) {
    try {
      return new Yaml(new Parse(READING).parseString(text).iterator()).document();
    } catch (MarkedYamlEngineException e) {
      throw new Misread(e.getProblemMark().map(Yaml::line).orElse(1), "this is no YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new Misread(1, "this is no YAML: " + Objects.requireNonNullElse(e.getMessage(), "").lines().findFirst()
          .orElse(""));
    }
  }

  private Located document() {
    events.next();
    Event first = events.next();
    if (first.getEventId() == Event.ID.StreamEnd) {
      return new Located.Members(1, Map.of());
    }
    Event value = events.next();
    Located document = located(value, 0);
    events.next();
    Event last = events.next();
    if (last.getEventId() != Event.ID.StreamEnd) {
      throw new Misread(line(last), "a second document begins here; a file holds one");
    }
    return document instanceof Located.Scalar(int line, Object nothing) && nothing == null
        ? new Located.Members(line, Map.of())
        : document;
  }

  private Located located(Event event, int depth) {
    int line = line(event);
    if (depth > MAX_DEPTH) {
      throw new Misread(line, "this is nested more than " + MAX_DEPTH + " deep");
    }
    if (!(event instanceof NodeEvent node) || node.getAnchor().isPresent()) {
      throw new Misread(line, "anchors and aliases are not read; write the value itself");
    }
    return switch (node) {
      case ScalarEvent scalar -> new Located.Scalar(line, value(scalar, line));
      case CollectionStartEvent start -> {
        untagged(start.getTag(), line);
        yield start.getEventId() == Event.ID.MappingStart ? members(line, depth) : items(line, depth);
      }
      default -> throw new Misread(line, "anchors and aliases are not read; write the value itself");
    };
  }

  private Located.Members members(int line, int depth) {
    Map<String, Located.Member> members = new LinkedHashMap<>();
    for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
      int at = line(key);
      if (!(located(key, depth + 1) instanceof Located.Scalar scalar) || scalar.value() == null) {
        throw new Misread(at, "a name is wanted here, in front of the colon");
      }
      String name = String.valueOf(scalar.value());
      var member = new Located.Member(at, located(events.next(), depth + 1));
      if (members.putIfAbsent(name, member) != null) {
        throw new Misread(at, name + " stands here a second time");
      }
    }
    return new Located.Members(line, members);
  }

  private Located.Items items(int line, int depth) {
    List<Located> items = new ArrayList<>();
    for (Event item = events.next(); item.getEventId() != Event.ID.SequenceEnd; item = events.next()) {
      items.add(located(item, depth + 1));
    }
    return new Located.Items(line, items);
  }

  private static @Nullable Object value(ScalarEvent scalar, int line) {
    untagged(scalar.getTag(), line);
    String text = scalar.getValue();
    if (!scalar.isPlain()) {
      return text;
    }
    Tag tag = READING.getSchema().getScalarResolver().resolve(text, true);
    if (tag.equals(Tag.NULL)) {
      return null;
    }
    if (tag.equals(Tag.BOOL)) {
      return Boolean.valueOf(text);
    }
    try {
      return tag.equals(Tag.INT) ? whole(text) : tag.equals(Tag.FLOAT) ? new BigDecimal(text) : text;
    } catch (ArithmeticException | NumberFormatException e) {
      throw new Misread(line, text + " is no number that can be used here");
    }
  }

  private static Object whole(String text) {
    BigInteger number = new BigInteger(text);
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
  }

  private static void untagged(Optional<String> tag, int line) {
    if (tag.isPresent()) {
      throw new Misread(line, "tags such as " + tag.get() + " are not read");
    }
  }

  private static int line(Event event) {
    return event.getStartMark().map(Yaml::line).orElse(1);
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }
}
