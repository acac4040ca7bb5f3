package dev.holdfast.domain.turns.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A page of the docs that is drawn from tables which tests play.
 *
 * @param file below the project's root
 * @param heading what stands above the command that writes the page
 * @param test the class whose run writes it
 */
public record MachineDocument(String file, String heading, String test, List<TransitionTable> tables) {

  /** Fails unless the page is what the tables say; with holdfast.write-machines set it is written anew. */
  public void check() throws IOException {
    Path page = Path.of("..").resolve(file);
    if (Boolean.getBoolean("holdfast.write-machines")) {
      Files.writeString(page, text());
    }
    assertEquals(text(), Files.readString(page), "to write it anew: " + command());
  }

  private String command() {
    return "mvn -pl domain -Dtest=" + test + " -Dholdfast.write-machines=true test";
  }

  private String text() {
    var text = new StringBuilder(heading).append("\n    ").append(command()).append('\n');
    for (TransitionTable table : tables) {
      text.append("\n## ").append(table.name()).append("\n\n").append(table.diagram()).append('\n')
          .append(table.matrix());
    }
    return text.toString();
  }
}
