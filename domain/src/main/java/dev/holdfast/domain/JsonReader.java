package dev.holdfast.domain;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A strict reader of RFC 8259 text into maps, lists, texts, numbers, booleans and null. */
final class JsonReader {
  /** Longer numbers are refused: reading them is quadratic, and nothing here needs them. */
  static final int MAX_NUMBER = 400;

  /** Beyond it a number's plain form, or only the bookkeeping of its scale, would not fit anywhere. */
  private static final int MAX_SCALE = 10_000;

  private final String text;
  private final int maxDepth;
  private int at;

  JsonReader(String text) {
    this(text, Json.MAX_DEPTH);
  }

  JsonReader(String text, int maxDepth) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  @Nullable
  Object read() {
    Object value = value(1);
    skipSpace();
    if (at < text.length()) {
      throw wrong("unexpected text behind the value");
    }
    return value;
  }

  private @Nullable Object value(int depth) {
    skipSpace();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object(int depth) {
    enter(depth);
    var members = new LinkedHashMap<String, @Nullable Object>();
    skipSpace();
    if (peek() == '}') {
      at++;
      return members;
    }
    while (true) {
      skipSpace();
      String name = string();
      skipSpace();
      expect(':');
      if (members.containsKey(name)) {
        throw wrong("duplicate member");
      }
      members.put(name, value(depth + 1));
      skipSpace();
      if (peek() == '}') {
        at++;
        return members;
      }
      expect(',');
    }
  }

  private List<@Nullable Object> array(int depth) {
    enter(depth);
    var items = new ArrayList<@Nullable Object>();
    skipSpace();
    if (peek() == ']') {
      at++;
      return items;
    }
    while (true) {
      items.add(value(depth + 1));
      skipSpace();
      if (peek() == ']') {
        at++;
        return items;
      }
      expect(',');
    }
  }

  private void enter(int depth) {
    if (depth > maxDepth) {
      throw wrong("nested too deeply");
    }
    at++;
  }

  private String string() {
    expect('"');
    int start = at;
    while (peek() != '"' && peek() != '\\' && peek() >= 0x20) {
      at++;
    }
    if (peek() == '"') {
      return checked(text.substring(start, at++));
    }
    var out = new StringBuilder(text.substring(start, at));
    while (true) {
      char c = next();
      if (c == '"') {
        return checked(out.toString());
      }
      if (c < 0x20) {
        throw wrong("control character in a text");
      }
      out.append(c == '\\' ? escape() : c);
    }
  }

  /** A lone surrogate can't be written as UTF-8, so it would not come back as it was. */
  private String checked(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isHighSurrogate(c) && i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw wrong("lone surrogate in a text");
      }
    }
    return value;
  }

  private char escape() {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          char digit = next();
          if (!HexFormat.isHexDigit(digit)) {
            throw wrong("wrong escape");
          }
          code = code * 16 + HexFormat.fromHexDigit(digit);
        }
        yield (char) code;
      }
      default -> throw wrong("wrong escape");
    };
  }

  private Object number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    int firstDigit = at;
    digits();
    if (text.charAt(firstDigit) == '0' && at - firstDigit > 1) {
      throw wrong("number with a leading zero");
    }
    boolean whole = true;
    if (peek() == '.') {
      whole = false;
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
    if (at - start > MAX_NUMBER) {
      throw wrong("number too long");
    }
    String digits = text.substring(start, at);
    try {
      if (!whole) {
        var number = new BigDecimal(digits);
        if (Math.abs((long) number.scale()) > MAX_SCALE) {
          throw wrong("number out of range");
        }
        return number;
      }
      return digits.length() < 19 ? (Object) Long.valueOf(digits) : narrow(new BigInteger(digits));
    } catch (ArithmeticException | NumberFormatException e) {
      throw wrong("number out of range");
    }
  }

  private static Object narrow(BigInteger number) {
    return number.bitLength() < 64 ? (Object) number.longValue() : number;
  }

  private void digits() {
    int start = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == start) {
      throw wrong("unexpected character");
    }
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong("unexpected character");
    }
    at += word.length();
    return value;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** The next character, or NUL at the end, which no rule accepts. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private char next() {
    if (at >= text.length()) {
      throw wrong("unexpected end");
    }
    return text.charAt(at++);
  }

  private void expect(char wanted) {
    if (peek() != wanted || at >= text.length()) {
      throw wrong(at >= text.length() ? "unexpected end" : "unexpected character");
    }
    at++;
  }

  private JsonException wrong(String what) {
    return new JsonException(what, at);
  }
}
