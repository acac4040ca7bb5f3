package dev.holdfast.cli.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.cli.Finished;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The official client for JavaScript, of the version that {@code src/test/node/openai/package.json} names, against the packaged node
 * and a published model. It needs Node 20 or newer and the client: from the folder in {@code HOLDFAST_NODE_CLIENTS}, which has a
 * {@code node_modules}, or fetched once to {@code target}. Without them it is left out, and says so.
 */
@Timeout(240)
class OpenAiNodeClientIT {
  private static final Path SUITE = Path.of("src", "test", "node", "openai").toAbsolutePath();
  private static final int OLDEST_NODE = 20;
  private static final Duration FETCH = Duration.ofSeconds(60);
  private static final Duration RUN = Duration.ofMinutes(2);

  @TempDir
  private Path temp;

  private Path folder = SUITE;

  /** Modules are looked for beside the script, so it runs where they are. */
  @BeforeEach
  void client() throws Exception {
    assumeHere(isNodeHere(), "no node of version " + OLDEST_NODE + " or newer is here");
    String given = System.getenv("HOLDFAST_NODE_CLIENTS");
    folder = Path.of("target", given == null ? "openai-node" : "openai-node-given").toAbsolutePath();
    Files.createDirectories(folder);
    for (String file : List.of("package.json", "suite.mjs")) {
      Files.writeString(folder.resolve(file), Files.readString(SUITE.resolve(file)));
    }
    Path modules = folder.resolve("node_modules");
    if (given != null) {
      Files.deleteIfExists(modules);
      Files.createSymbolicLink(modules, Path.of(given, "node_modules").toAbsolutePath());
    }
    assumeHere(isClientHere(modules) || (given == null && isFetched() && isClientHere(modules)),
        "its npm package, as package.json names it, is neither in HOLDFAST_NODE_CLIENTS nor to be had from a registry");
  }

  private static void assumeHere(boolean here, String otherwise) {
    if (!here) {
      System.out.println("OpenAiNodeClientIT is left out: " + otherwise);
    }
    assumeTrue(here, otherwise);
  }

  private static boolean isNodeHere() throws InterruptedException {
    try {
      Process asked = new ProcessBuilder("node", "--version").start();
      String version = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return asked.waitFor() == 0
          && Integer.parseInt(version.replaceFirst("^v", "").replaceFirst("[.].*", "")) >= OLDEST_NODE;
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  private static boolean isClientHere(Path modules) throws IOException {
    Path its = modules.resolve("openai").resolve("package.json");
    String wanted =
        Files.readString(SUITE.resolve("package.json")).replaceAll("(?s).*\"openai\": \"([^\"]+)\".*", "$1");
    return Files.exists(its) && Files.readString(its).contains("\"version\": \"" + wanted + "\"");
  }

  private boolean isFetched() throws InterruptedException {
    try {
      Process npm = new ProcessBuilder("npm", "install", "--prefer-offline", "--no-audit", "--no-fund",
          "--no-package-lock", "--ignore-scripts", "--omit=optional", "--omit=peer", "--fetch-retries=0",
          "--fetch-timeout=10000").directory(folder.toFile()).redirectInput(new File("/dev/null"))
          .redirectErrorStream(true).redirectOutput(folder.resolve("npm.log").toFile()).start();
      boolean ended = npm.waitFor(FETCH.toSeconds(), TimeUnit.SECONDS);
      npm.destroyForcibly();
      return ended && npm.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Process begin(DaemonProcess node, String... words) throws IOException {
    List<String> line = new ArrayList<>(List.of("node", "suite.mjs"));
    line.addAll(List.of(words));
    var builder = new ProcessBuilder(line).directory(folder.toFile()).redirectInput(new File("/dev/null"))
        .redirectErrorStream(true).redirectOutput(temp.resolve(words[0]).toFile());
    builder.environment().putAll(Map.of("HOLDFAST_URL", node.address().toString(), "HOLDFAST_KEY", node.key()));
    return builder.start();
  }

  /** @return what it printed */
  private List<String> ended(Process client, String what) throws IOException, InterruptedException {
    boolean ended = client.waitFor(RUN.toSeconds(), TimeUnit.SECONDS);
    client.destroyForcibly();
    assertEquals(0, ended ? client.waitFor() : -1, Files.readString(temp.resolve(what)));
    return Files.readAllLines(temp.resolve(what));
  }

  @Test
  @DisplayName("R-A39 R-A38 the client of npm: chat, stream, tools, embeddings, models, errors, leaving, responses; one in the "
      + "background is resumed with starting_after, at night behind a kill -9 of the node")
  void everything() throws Exception {
    try (var laptop = new Laptop("a", temp); DaemonProcess node = Laptop.node(temp, List.of(laptop))) {
      laptop.awaitLinks(1);
      String words = Integer.toString(Laptop.WORDS);
      assertEquals(List.of("ok models", "ok chat", "ok stream", "ok tools", "ok embeddings", "ok errors", "ok leaving",
          "ok responses", "ok background"), ended(begin(node, "all", Laptop.POOL, "a", words), "all"));
      await().atMost(RUN).until(() -> laptop.upstream().held() == 0);

      // The node calls the model server itself here, so that nobody waits for a publisher to come back.
      Finished added = node.cli("provider", "add", "near", "--url", laptop.upstream().url(), "--model", "tiny");
      assertEquals(0, added.exitCode(), added.err());
      String[] begun = ended(begin(node, "begin", "near"), "begin").getLast().split(" ", -1);
      if (Boolean.getBoolean(TwoPublishers.ALL)) {
        node.kill();
        node.restart();
      }
      Process resumed = begin(node, "resume", begun[1], begun[2], "a", words);
      await().atMost(RUN).until(() -> {
        laptop.upstream().release();
        return !resumed.isAlive();
      });
      assertEquals(List.of("ok resume"), ended(resumed, "resume"));
    }
  }
}
