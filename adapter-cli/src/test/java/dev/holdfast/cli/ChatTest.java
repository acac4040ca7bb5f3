package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.turns.OpenAiUpstream;
import dev.holdfast.domain.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations, typed and piped, with a real node. */
class ChatTest {
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";
  private static final String UP = "\u001bOA";
  private static final String FORTY =
      String.join(" ", IntStream.rangeClosed(1, 40).mapToObj(i -> "word" + i).toList()) + " ";

  @TempDir
  Path folder = Path.of(".");

  private DaemonProcess daemon() {
    return DaemonProcess.start(folder.resolve("data"));
  }

  /** A model server with answers of that many words, so slow that a test can meddle in the middle of one. */
  private static Process upstream(DaemonProcess daemon, int words, int pauseMs) throws IOException {
    Process server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), OpenAiUpstream.class.getName(), Integer.toString(words),
        Integer.toString(pauseMs)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String port = server.inputReader().readLine();
    Finished added = daemon.cli("provider", "add", "slow", "--url", "http://127.0.0.1:" + port + "/v1");
    assertEquals(ExitCode.OK, added.exitCode(), added.err());
    return server;
  }

  private static Process piped(Map<String, String> environment, String input, String... words) throws IOException {
    Process chat = DaemonProcess.piped(environment, List.of(words));
    try (OutputStream in = chat.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    return chat;
  }

  @Test
  @DisplayName("off a terminal each line is an input, the answers are all there is on standard output, and \\ joins lines")
  void pipe() throws Exception {
    try (var daemon = daemon()) {
      Finished chat = Finished.of(piped(daemon.clientEnvironment(), "first\n\nsecond \\\n/quit\n", "chat", "--task",
          "Listen"));
      assertEquals(ExitCode.OK, chat.exitCode(), chat.err());
      assertTrue(chat.out().startsWith("This is Holdfast's"), chat.out());
      assertTrue(chat.out().contains("You wrote: \"first\""), chat.out());
      assertTrue(chat.out().contains("\nThis is Holdfast's"), chat.out());
      assertTrue(chat.out().contains("You wrote: \"second \n/quit\""), chat.out());
      assertTrue(chat.err().contains("holdfast chat worker-00000001"), chat.err());
      List<String> said = daemon.cli("worker", "transcript", "worker-00000001", "-o", "ndjson").out().lines()
          .map(Json::parse).filter(entry -> "user".equals(entry.members().get("role")))
          .map(entry -> String.valueOf(entry.members().get("content"))).toList();
      assertEquals(List.of("first", "second \n/quit"), said);
    }
  }

  @Test
  @DisplayName("the exit code of a piped conversation is that of its last answer; a refusal ends it with its own")
  void exitCodes() throws Exception {
    try (var daemon = daemon()) {
      daemon.cli("provider", "add", "dead", "--url", "http://127.0.0.1:1/v1", "--model", "m");
      Finished failed = Finished.of(piped(daemon.clientEnvironment(), "x\n", "chat", "--model", "dead"));
      assertEquals(ExitCode.FAILED, failed.exitCode(), failed.err());
      assertTrue(failed.err().contains("(provider_failed)"), failed.err());
      daemon.cli("worker", "stop", "worker-00000001");
      Finished stopped = Finished.of(piped(daemon.clientEnvironment(), "x\ny\n", "chat", "worker-00000001"));
      assertEquals(ExitCode.CONFLICT, stopped.exitCode(), stopped.err());
      Finished unknown = Finished.of(piped(daemon.clientEnvironment(), "x\n", "chat", "worker-000000aa"));
      assertEquals(ExitCode.NOT_FOUND, unknown.exitCode(), unknown.err());
      assertEquals(ExitCode.OK, Finished.of(piped(daemon.clientEnvironment(), "", "chat")).exitCode());
      assertFalse(daemon.cli("worker", "list").out().contains("worker-00000002"));
    }
  }

  @Test
  @DisplayName("a piped conversation outlives kill -9 of the node in the middle of an answer, and between two")
  void pipeAcrossKill() throws Exception {
    try (var daemon = daemon()) {
      Process server = upstream(daemon, 40, 60);
      try {
        Process chat = DaemonProcess.piped(daemon.clientEnvironment(), List.of("chat", "--model", "slow"));
        OutputStream in = chat.getOutputStream();
        in.write("one\n".getBytes(StandardCharsets.UTF_8));
        in.flush();
        Awaitility.await().atMost(Duration.ofSeconds(30))
            .until(() -> daemon.cli("worker", "show", "worker-00000001").out().contains("open turn"));
        daemon.kill();
        daemon.restart();
        assertEquals(FORTY, chat.inputReader().readLine());
        daemon.kill();
        in.write("two\n".getBytes(StandardCharsets.UTF_8));
        in.close();
        daemon.restart();
        Finished ended = Finished.of(chat);
        assertEquals(ExitCode.OK, ended.exitCode(), ended.err());
        assertEquals(FORTY + "\n", ended.out());
      } finally {
        server.destroyForcibly();
      }
    }
  }

  @Test
  @DisplayName("a line whose answer was lost is sent again under the same key, and the next one under another")
  void sameKeyAgain() throws Exception {
    StubNode.Answer ack = StubNode.json(200, "{\"worker_ref\":{\"runtime_id\":\"rt-1\",\"worker_id\":\"w\"},"
        + "\"input_id\":\"in-1\",\"event_id\":3,\"transcript_sequence\":1}");
    StubNode.Answer started = StubNode.stream("id: rt-1:5\nevent: turn.started\ndata: {\"name\":\"turn.started\","
        + "\"data\":{\"turn_id\":\"turn-1\",\"input_ids\":[\"in-1\"]}}\n\n");
    StubNode.Answer ended = StubNode.stream("id: 1.1\nevent: output.end\ndata: {\"attempt\":1,"
        + "\"outcome\":\"completed\",\"reason\":null,\"head_revision\":1}\n\n");
    StubNode.Answer transcript = StubNode.json(200, "{\"items\":[{\"turn_id\":\"turn-1\",\"role\":\"assistant\","
        + "\"content\":\"fine\"}]}");
    StubNode.Answer own = StubNode.json(200, "{\"key_id\":\"k\",\"content\":true}");
    try (var node =
        new StubNode(own, StubNode.silence(), ack, started, ended, transcript, ack, started, ended, transcript)) {
      Finished chat = Finished.of(piped(Finished.environment("HOLDFAST_URL", node.url(), "HOLDFAST_DATA", "/nowhere"),
          "a\nb\n", "chat", "w"));
      assertEquals(ExitCode.OK, chat.exitCode(), chat.err());
      assertEquals("fine\nfine\n", chat.out());
      List<String> keys = node.requests().stream().filter(request -> request.getRequestMethod().equals("POST"))
          .map(request -> Objects.requireNonNull(request.getRequestHeaders().getFirst("Idempotency-Key"))).toList();
      assertEquals(3, keys.size());
      assertEquals(keys.get(0), keys.get(1));
      assertFalse(keys.get(1).equals(keys.get(2)));
    }
  }

  @Test
  @DisplayName("at a terminal: answers, commands, Ctrl-C that leaves an answer whose turn goes on, and kill -9 of the node")
  void terminal() throws Exception {
    assumeTrue(TypedProcess.isPossible(), "script makes the pseudo-terminal");
    try (var daemon = daemon()) {
      Process server = upstream(daemon, 120, 100);
      try (var chat = new TypedProcess(atHome(daemon), "chat", "--model", "slow", "--task", "Listen")) {
        chat.await("Ctrl-D to leave");
        chat.await("> ");
        chat.type("/help\r");
        chat.await("/detach [TEXT]");
        chat.await("> ");
        chat.type("begin\r");
        chat.await("word3 ");
        chat.type(CTRL_C);
        chat.await("detached; the turn goes on. Follow it again with: holdfast turn follow turn-");
        chat.await("> ");
        chat.type("/follow\r");
        chat.await("word1 ");
        daemon.kill();
        chat.await("is gone; waiting for the node");
        daemon.restart();
        chat.await("attempt 2 began; attempt 1 was lost; the answer starts again");
        chat.await("word2 ");
        chat.type(CTRL_C);
        chat.await("detached; the turn goes on");
        chat.await("> ");
        chat.type("/cancel the wrong question\r");
        chat.await(" is cancelled");
        chat.await("> ");
        chat.type("/cancel\r");
        chat.await("no turn is open");
        chat.await("> ");
        chat.type("/history 2\r");
        chat.await("#1 user");
        chat.await("begin");
        chat.await("> ");
        chat.type("half a line" + CTRL_C);
        chat.await("> ");
        chat.type("/what\r");
        chat.await("there is no /what");
        chat.await("> ");
        chat.type(CTRL_D);
        chat.await("holdfast chat worker-00000001");
        assertEquals(ExitCode.OK, chat.exitCode());
      } finally {
        server.destroyForcibly();
      }
      try (Stream<Path> left = Files.walk(folder.resolve("home"))) {
        assertEquals(List.of(folder.resolve("home")), left.toList());
      }
    }
  }

  @Test
  @DisplayName("the line editor offers what was said before from the transcript, whoever said it; a pasted text is one input")
  void historyOfTheNode() throws Exception {
    assumeTrue(TypedProcess.isPossible(), "script makes the pseudo-terminal");
    try (var daemon = daemon()) {
      daemon.cli("worker", "create");
      daemon.cli("worker", "send", "worker-00000001", "said elsewhere", "--follow");
      try (var chat = new TypedProcess(atHome(daemon), "chat", "worker-00000001")) {
        chat.await("Ctrl-D to leave");
        chat.await("> ");
        chat.type(UP);
        chat.await("said elsewhere");
        chat.type("\r");
        chat.await("You wrote: \"said elsewhere\"");
        chat.await("> ");
        chat.type("\u001b[200~two\nlines\u001b[201~\r");
        chat.await("the turn goes on. To talk to a real model");
        chat.await("> ");
        chat.type("//quit\r");
        chat.await("You wrote: \"/quit\"");
        chat.await("> ");
        chat.type("/detach and this\r");
        chat.await("sent as in-");
        chat.await("> ");
        chat.type("/quit\r");
        assertEquals(ExitCode.OK, chat.exitCode());
      }
      String said = daemon.cli("worker", "transcript", "worker-00000001", "-o", "ndjson").out();
      assertTrue(said.contains("\"two\\nlines\""), said);
      assertTrue(said.contains("\"and this\""), said);
    }
  }

  private Map<String, String> atHome(DaemonProcess daemon) throws IOException {
    Map<String, String> environment = new TreeMap<>(daemon.clientEnvironment());
    environment.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
    environment.put("TERM", "xterm");
    environment.put("LC_ALL", "C.UTF-8");
    return environment;
  }
}
