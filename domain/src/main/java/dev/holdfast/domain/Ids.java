package dev.holdfast.domain;

/** Where random identifiers come from, so that a test or a replay gives the same ones again. */
@FunctionalInterface
public interface Ids {
  /**
   * @param digits 1 to 64
   * @return so many lower-case hex digits, from a source that nobody can predict
   */
  String hex(int digits);
}
