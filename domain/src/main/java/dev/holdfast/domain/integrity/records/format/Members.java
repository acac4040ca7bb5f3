package dev.holdfast.domain.integrity.records.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The members of an object that is being written: where each is, as they came, so that they can be put in their order at its end. */
final class Members {
  private static final int FEW = 16;

  private final @Nullable Members outer;
  private @Nullable Members inner;
  private @Nullable String[] names = new String[FEW];
  private int[] starts = new int[FEW];
  private int[] order = new int[FEW];
  private int count;
  private int begin;

  /** @param outer of the object that this one is in */
  Members(@Nullable Members outer) {
    this.outer = outer;
  }

  /** Of an object in this one. */
  Members inner() {
    if (inner == null) {
      inner = new Members(this);
    }
    return inner;
  }

  Members outer() {
    if (outer == null) {
      throw new IllegalStateException("no object has begun");
    }
    return outer;
  }

  void begin(JsonBytes out) {
    begin = out.size();
    count = 0;
  }

  /** It is what is written from here on. */
  void member(JsonBytes out, String name) {
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      starts = Arrays.copyOf(starts, 2 * count);
      order = Arrays.copyOf(order, 2 * count);
    }
    int at = count;
    for (; at > 0; at--) {
      int compared = name(order[at - 1]).compareTo(name);
      if (compared == 0) {
        throw new IllegalStateException("a record has two members of this name: " + name);
      }
      if (compared < 0) {
        break;
      }
      order[at] = order[at - 1];
    }
    order[at] = count;
    names[count] = name;
    starts[count] = out.size();
    count++;
  }

  private String name(int member) {
    String name = names[member];
    if (name == null) {
      throw new IllegalStateException("there is no such member");
    }
    return name;
  }

  /** With what comes around and between them. */
  void end(JsonBytes out) {
    byte[] written = Arrays.copyOfRange(out.array(), begin, out.size());
    out.back(begin);
    out.ascii('{');
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.ascii(',');
      }
      int member = order[i];
      int to = member + 1 < count ? starts[member + 1] - begin : written.length;
      out.bytes(written, starts[member] - begin, to);
    }
    out.ascii('}');
  }
}
