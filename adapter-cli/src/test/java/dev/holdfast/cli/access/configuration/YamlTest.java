package dev.holdfast.cli.access.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {

  @Test
  @DisplayName("values are what YAML 1.2 says, with the line that they begin in")
  void values() {
    Located read = Yaml.read("""
        # a comment
        text: yes
        number: 7
        half: 0.5
        on: true
        nothing:
        quoted: "7"
        block: |
          one
          two
        list: [a, {b: c}]
        """);
    assertEquals(
        "{\"block\":\"one\\ntwo\\n\",\"half\":0.5,\"list\":[\"a\",{\"b\":\"c\"}],\"nothing\":null,\"number\":7,"
            + "\"on\":true,\"quoted\":\"7\",\"text\":\"yes\"}",
        Json.of(read.value()).text());
    var members = ((Located.Members) read).members();
    assertEquals(2, Objects.requireNonNull(members.get("text")).line());
    assertEquals(11, Objects.requireNonNull(members.get("list")).line());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n"})
  @DisplayName("a file without a word in it says nothing")
  void empty(String text) {
    assertEquals("{}", Json.of(Yaml.read(text).value()).text());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "a: 1§b: !!java.net.URL [x] | 2 | tags", "a: !secret x | 1 | tags", "a: &x 1§b: *x | 1 | anchors",
    "a: &x {b: 1} | 1 | anchors", "b: *x | 1 | anchors", "a: 1§§a: 2 | 3 | a second time",
    "a: 1§---§b: 2 | 2 | second document",
    "? [a]§: 1 | 1 | a name is wanted", "a: [1 | 2 | no YAML", "a: b: c | 1 | no YAML", "a:§\t- x | 2 | no YAML",
    "a: .inf | 1 | no number"})
  @DisplayName("what could do more than say a value is refused, with its line")
  void refused(String text, int line, String why) {
    var misread = assertThrows(Yaml.Misread.class, () -> Yaml.read(text.replace("§", "\n") + "\n"));
    assertTrue(misread.problem().contains(why), misread.problem());
    assertEquals(line, misread.line(), misread.problem());
  }

  @Test
  @DisplayName("nesting and size are bounded, and no text does worse than be refused")
  void bounded() {
    assertThrows(Yaml.Misread.class, () -> Yaml.read("[".repeat(Yaml.MAX_DEPTH + 2)));
    assertThrows(Yaml.Misread.class, () -> Yaml.read("[".repeat(100_000)));
    assertThrows(Yaml.Misread.class, () -> Yaml.read("{a: ".repeat(100_000)));
    assertThrows(Yaml.Misread.class, () -> Yaml.read("a".repeat(Yaml.MAX_CHARACTERS + 1)));
    assertThrows(Yaml.Misread.class, () -> Yaml.read("a: \"\u0000\""));
    assertThrows(Yaml.Misread.class, () -> Yaml.read("%YAML 1.1 x\n---\na: 1"));
  }
}
