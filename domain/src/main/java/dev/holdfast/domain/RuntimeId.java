package dev.holdfast.domain;

/** Names a runtime, the catalogue of one data directory; generated ones are {@code rt-} and 16 hex digits. */
public record RuntimeId(String value) {
  public RuntimeId {
    Texts.requireText(value, 128, "a runtime id");
  }

  public static RuntimeId random(Ids ids) {
    return new RuntimeId("rt-" + ids.hex(16));
  }

  @Override
  public String toString() {
    return value;
  }
}
