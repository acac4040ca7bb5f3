package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A person at a real terminal, which {@code script} makes. */
@EnabledOnOs(OS.LINUX)
class PromptTest {

  @ParameterizedTest
  @CsvSource({"y, '', true, 0", "YES, '', true, 0", "n, '', false, 1", "'', '', false, 1", "n, --yes, true, 0",
    "n, --no-input, true, 0"})
  @DisplayName("A-101 at a terminal a person is asked before something is taken away, unless with --yes or --no-input")
  void asked(String answer, String option, boolean removed, int exitCode) throws Exception {
    try (var node = new StubNode(StubNode.json(200, "{\"items\":[]}"))) {
      Finished ended = atTerminal(answer, "provider rm x " + option + " --data /nowhere --url " + node.url());
      assertEquals(exitCode, ended.exitCode(), ended.out());
      assertEquals(option.isEmpty(), ended.out().contains("Remove the provider x? [y/N]"), ended.out());
      assertEquals(removed, node.requests().stream().anyMatch(request -> request.getRequestMethod().equals("DELETE")));
      assertTrue(removed || ended.out().contains("nothing was changed"), ended.out());
    }
  }

  private static Finished atTerminal(String typed, String words) throws IOException, InterruptedException {
    List<String> program = new ArrayList<>(DaemonProcess.classPathProgram());
    String line = String.join(" ", program.stream().map(word -> "'" + word + "'").toList()) + " " + words;
    Process process = new ProcessBuilder("script", "-qec", line, "/dev/null").redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write((typed + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      return Finished.of(process);
    }
  }
}
