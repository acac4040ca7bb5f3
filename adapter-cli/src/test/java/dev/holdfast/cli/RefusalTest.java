package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** What a refusal tells, and how long a client waits by itself. */
class RefusalTest {
  private static final Pattern COMMAND = Pattern.compile("^holdfast ([a-z]+(?: [a-z]+)?)((?: --[a-z-]+)*)");
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

  @ParameterizedTest
  @EnumSource(Reason.class)
  @DisplayName("A-105 each reason has its title and a next step, and a step that is a command of ours is one")
  void nextStep(Reason reason) {
    String lines = Refusal.of(reason, null).lines();
    assertTrue(lines.startsWith("holdfast: " + reason.title() + " (" + reason.code() + ")\n  try: "), lines);
    Matcher command = COMMAND.matcher(NextCommand.after(reason));
    if (command.find()) {
      CommandLine line = Main.commandLine(Map.of(), Screen.ofProcess());
      for (String word : command.group(1).split(" ")) {
        CommandLine next = line.getSubcommands().get(word);
        if (next == null) {
          assertTrue(line.getSubcommands().isEmpty(), () -> reason + ": no command " + command.group());
          break;
        }
        line = next;
      }
      CommandLine last = line;
      OPTION.matcher(command.group(2)).results().forEach(option -> assertNotNull(
          last.getCommandSpec().findOption(option.group()), () -> reason + ": no option " + option.group()));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "{'reason':'invalid_request','field':'kind','expected':'one of user, system'} | kind: expected one of user, system",
    "{'reason':'invalid_request','field':'kind'} | the value of kind is not valid",
    "{'reason':'unknown_field','field':'kin','expected':'no members'} | kin: expected no members",
    "{'reason':'role_not_allowed','role':'consumer','needed_role':'admin'} | it needs a key of the role admin, not consumer",
    "{'reason':'queue_limit_reached','max':3,'requested':4} | max: 3, requested: 4"})
  @DisplayName("what a node names with a reason is told in words: what was expected, which role it takes, the facts")
  void facts(String problem, String told) {
    String lines = Refusal.of(400, Json.parse(problem.replace('\'', '"'))).lines();
    assertTrue(lines.contains("\n  " + told + "\n"), lines);
  }

  @Test
  @DisplayName("a store that can't be read tells what the disk said")
  void cause() {
    Refusal refusal = Refusal.of(StoreException.io("the database can't be opened",
        new IllegalStateException(new AccessDeniedException("/srv/holdfast/db"))));
    assertTrue(refusal.lines().contains("\n  the database can't be opened: "), refusal.lines());
    assertTrue(refusal.lines().contains("AccessDenied"), refusal.lines());
    assertTrue(refusal.lines().contains("/srv/holdfast/db"), refusal.lines());
    assertEquals(ExitCode.STORE, refusal.exitCode());
  }

  private static StubNode.Answer after(int seconds, StubNode.Answer answer) {
    return exchange -> {
      exchange.getResponseHeaders().set("Retry-After", Integer.toString(seconds));
      answer.give(exchange);
    };
  }

  @ParameterizedTest
  @CsvSource({"429, rate_limited, 7", "503, too_many_streams, 7", "503, node_starting, 6"})
  @DisplayName("A-105 an answer that asks for more patience than there is says how long to wait")
  void tooLong(int status, String reason, int exitCode) {
    try (var node = new StubNode(after(60, StubNode.problem(status, reason)))) {
      Finished refused =
          Finished.inProcess(Map.of(), "runtime", "show", "--url", node.url(), "--timeout", "30");
      assertEquals(exitCode, refused.exitCode());
      assertTrue(refused.err().contains("\n  wait: 60 s\n  try: the same command again"), refused.err());
      assertEquals(1, node.requests().size());
    }
  }

  @Test
  @DisplayName("A-105 the wait is told once")
  void waitOnce() {
    try (var node = new StubNode(after(60, StubNode.json(429, "{\"reason\":\"rate_limited\",\"retry_after_s\":60}")))) {
      String told = Finished.inProcess(Map.of(), "runtime", "show", "--url", node.url()).err();
      assertEquals(2, told.split("60", -1).length, told);
    }
  }

  @Test
  @DisplayName("a call that may be made twice is made again after the wait, and -v tells of it")
  void waits() {
    try (var node = new StubNode(after(1, StubNode.problem(429, "rate_limited")),
        StubNode.json(200, "{\"worker_id\":\"worker-00000001\"}"))) {
      Finished made = Finished.inProcess(Map.of(), "worker", "create", "-o", "name", "-v", "--url", node.url());
      assertEquals(ExitCode.OK, made.exitCode(), made.err());
      assertEquals("worker-00000001\n", made.out());
      assertTrue(made.err().contains("the node asks to wait for 1 s: rate_limited"), made.err());
      assertEquals(1, keys(node.requests()));
    }
  }

  private static long keys(List<HttpExchange> requests) {
    return requests.stream().map(request -> request.getRequestHeaders().getFirst("Idempotency-Key")).distinct().count();
  }

  @ParameterizedTest
  @CsvSource({"'worker stop worker-00000001', 429, rate_limited", "'runtime show', 503, store_poisoned"})
  @DisplayName("what may not be made twice, or won't be better for waiting, isn't made again")
  void notAgain(String command, int status, String reason) throws IOException {
    try (var node = new StubNode(after(1, StubNode.problem(status, reason)))) {
      Finished refused = Finished.inProcess(Map.of("HOLDFAST_URL", node.url()), command.split(" "));
      assertFalse(refused.exitCode() == ExitCode.OK);
      assertEquals(1, node.requests().size());
    }
  }

  @Test
  @DisplayName("A-36 wrong keys from an address are told as what holds back a valid one")
  void blockedAddress() {
    String lines =
        Refusal.of(429, Json.object("reason", "rate_limited", "scope", "address", "retry_after_s", 41)).lines();
    assertTrue(lines.contains("too many wrong keys came from this address"), lines);
    String own = Refusal.of(429, Json.object("reason", "rate_limited", "scope", "key", "retry_after_s", 41)).lines();
    assertTrue(own.contains("retry_after_s: 41, scope: key"), own);
  }
}
