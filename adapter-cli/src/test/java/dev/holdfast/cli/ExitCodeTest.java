package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One provoked case for each exit code that a node's answer leads to; those of real nodes are in the tests of processes. */
class ExitCodeTest {

  @ParameterizedTest(name = "{0} {1} -> {2}")
  @CsvSource({
    "400, invalid_request, 2", "400, cursor_malformed, 2", "413, input_too_large, 2", "422, invalid_name, 2",
    "404, worker_not_found, 3", "401, invalid_key, 4", "403, role_not_allowed, 4", "409, worker_not_running, 5",
    "412, version_mismatch, 5", "503, node_starting, 6", "503, node_draining, 6", "429, input_limit_reached, 7",
    "503, queue_full, 7", "507, storage_full, 7", "503, store_poisoned, 8", "503, store_recovery_required, 8",
    "500, store_corrupt, 8", "504, outcome_unknown, 9", "408, request_timeout, 9", "500, internal, 1",
    "502, provider_failed, 1", "418, of_a_later_version, 2", "529, of_a_later_version, 1"})
  @DisplayName("A-A25 the exit code of a refusal, with its reason and title")
  void refusal(int status, String reason, int exitCode) {
    try (var node = new StubNode(StubNode.problem(status, reason))) {
      Finished refused = Finished.inProcess(Map.of(), "runtime", "show", "--url", node.url());
      assertEquals(exitCode, refused.exitCode(), refused.err());
      assertTrue(refused.err().contains("(" + reason + ")"), refused.err());
      assertEquals("", refused.out());
    }
  }

  @Test
  @DisplayName("A-A25 exit code 6: no node, and what to try")
  void unreachable() {
    String url;
    try (var node = new StubNode(StubNode.silence())) {
      url = node.url();
    }
    Finished refused = Finished.inProcess(Map.of(), "runtime", "show", "--url", url);
    assertEquals(ExitCode.UNREACHABLE, refused.exitCode());
    assertEquals("holdfast: No node answers at the address (node_unreachable)\n  nothing answers at " + url
        + "\n  try: holdfast serve, or name another address with --url\n", refused.err());
  }

  @Test
  @DisplayName("A-A25 exit code 6: something answers that is no node")
  void noNode() {
    try (var node = new StubNode(StubNode.json(200, "<html>"))) {
      assertEquals(ExitCode.UNREACHABLE,
          Finished.inProcess(Map.of(), "runtime", "show", "--url", node.url()).exitCode());
    }
  }

  @Test
  @DisplayName("A-A25 exit code 9: a mutation whose answer is lost again and again, tried under one key")
  void unknownOutcome() {
    try (var node = new StubNode(StubNode.silence())) {
      Finished lost = Finished.inProcess(Map.of(), "worker", "create", "--url", node.url());
      assertEquals(ExitCode.TIMED_OUT, lost.exitCode(), lost.err());
      assertTrue(lost.err().contains("(outcome_unknown)"), lost.err());
      assertEquals(4, node.requests().size());
      assertEquals(1, node.requests().stream().map(r -> r.getRequestHeaders().getFirst("Idempotency-Key")).distinct()
          .count());
    }
  }

  @Test
  @DisplayName("a mutation whose first answer is lost is made again and succeeds")
  void madeAgain() {
    try (var node = new StubNode(StubNode.silence(), StubNode.json(200, "{\"worker_id\":\"worker-00000001\"}"))) {
      Finished made = Finished.inProcess(Map.of(), "worker", "create", "-o", "name", "--url", node.url());
      assertEquals(ExitCode.OK, made.exitCode(), made.err());
      assertEquals("worker-00000001\n", made.out());
    }
  }

  @Test
  @DisplayName("A-A25 exit code 8: a data directory that others can read")
  void openDirectory(@TempDir Path folder) throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    Finished refused = Finished.inProcess(Map.of(), "serve", "--port", "0", "--data", data.toString());
    assertEquals(ExitCode.STORE, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains("(data_dir_permissions)"), refused.err());
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0", "192.168.1.2", "::", "box"})
  @DisplayName("A-A10 a bind beyond this machine is refused with exit code 2")
  void insecureBind(String host, @TempDir Path folder) {
    Path data = folder.resolve("data");
    Finished refused = Finished.inProcess(Map.of(), "serve", "--host", host, "--data", data.toString());
    assertEquals(ExitCode.USAGE, refused.exitCode());
    assertTrue(refused.err().contains("(insecure_bind)"), refused.err());
    assertTrue(Files.notExists(data));
  }
}
