package dev.holdfast.cli.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.domain.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A team on one node, of the distribution, while others attack it from other addresses. How long is the property
 * {@code holdfast.attack.seconds}.
 */
class TeamUnderAttackIT {
  private static final int SECONDS = Integer.getInteger("holdfast.attack.seconds", 15);
  /** A key may call 600 times in a minute; a member stays well below. */
  private static final long STEP_MS = 250;
  private static final int DRIPS = 100;

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger wrongKeys = new AtomicInteger();
  private final AtomicInteger foreign = new AtomicInteger();
  private final AtomicInteger oversize = new AtomicInteger();

  @TempDir
  private Path temp;

  @Test
  @DisplayName("A-A21 eight clients of different roles and subjects work while others attack: all their calls succeed, "
      + "every change has exactly one record, and a flipped byte is found with its place")
  void team() throws Exception {
    Path data = temp.resolve("data");
    try (DaemonProcess daemon = DaemonProcess.ofDistribution(data)) {
      var admin = new Member(http, daemon.address(), daemon.key());
      Map<String, Member> team = team(daemon, admin);
      String mallory = key(admin, "consumer", "mallory");
      runAll(daemon, team, mallory);

      team.forEach((name, member) -> assertEquals(List.of(), member.failures(), name));
      Map<String, String> expected = new TreeMap<>(admin.changes());
      team.values().forEach(member -> expected.putAll(member.changes()));
      assertTrue(expected.size() > SECONDS * 3, "the team did " + expected.size() + " changes");
      assertEquals(0, daemon.cli("audit", "verify").exitCode());
      daemon.signal("TERM");
      daemon.restart();
      assertAudit(new Member(http, daemon.address(), daemon.key()), expected);
      daemon.signal("TERM");
    }
    assertFlipFound(data);
  }

  private Map<String, Member> team(DaemonProcess daemon, Member admin) throws Exception {
    Map<String, Member> team = new TreeMap<>();
    for (String who : List.of("consumer ann", "consumer bob", "consumer cyd", "operator olga", "executor ann",
        "observer otto", "publisher pia")) {
      String[] words = who.split(" ");
      team.put(who, new Member(http, daemon.address(), key(admin, words[0], words[1])));
    }
    team.put("admin default", new Member(http, daemon.address(), daemon.key()));
    return team;
  }

  private static String key(Member admin, String role, String subject) throws InterruptedException {
    return Member.text(admin.post("/api/v1/keys",
        Json.object("role", role, "subject", subject, "label", role + " of " + subject), "key.create"), "key_text");
  }

  private void runAll(DaemonProcess daemon, Map<String, Member> team, String mallory) throws Exception {
    var node = new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.address().getPort());
    String host = "127.0.0.1:" + node.getPort();
    List<Callable<?>> steps = new ArrayList<>();
    team.forEach((name, member) -> steps.add(new Work(name.substring(0, name.indexOf(' ')), member)));
    steps.add(() -> wrongKey(new Attacker("127.0.0.2", node), host));
    steps.add(() -> foreignHost(new Attacker("127.0.0.3", node)));
    steps.add(() -> oversizeBody(new Attacker("127.0.0.4", node), host, mallory));
    try (var drips = new Attacker.Drips(new Attacker("127.0.0.5", node), DRIPS);
        var timer = Executors.newScheduledThreadPool(steps.size() + 1)) {
      steps.add(() -> {
        drips.drip();
        return null;
      });
      repeat(timer, steps);
      assertEquals(DRIPS, drips.cut(), "slow connections that were cut");
    }
    assertTrue(wrongKeys.get() > SECONDS && foreign.get() > SECONDS && oversize.get() > SECONDS,
        "attacks came through");
  }

  /** Each step again and again, until the time is up; the first that fails ends all. */
  private static void repeat(ScheduledExecutorService timer, List<Callable<?>> steps) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    List<Future<?>> running = new ArrayList<>();
    for (Callable<?> step : steps) {
      running.add(timer.scheduleAtFixedRate(() -> {
        try {
          step.call();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
        if (System.nanoTime() > end) {
          throw new TimeUp();
        }
      }, 0, STEP_MS, TimeUnit.MILLISECONDS));
    }
    for (Future<?> step : running) {
      try {
        step.get();
      } catch (java.util.concurrent.ExecutionException e) {
        if (!(e.getCause() instanceof TimeUp)) {
          throw e;
        }
      }
    }
  }

  private static final class TimeUp extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** What a member of a role does at each step. */
  private static final class Work implements Callable<Void> {
    private final String role;
    private final Member member;
    private int steps;
    private @Nullable String worker;

    Work(String role, Member member) {
      this.role = role;
      this.member = member;
    }

    @Override
    public @Nullable Void call() throws InterruptedException {
      steps++;
      switch (role) {
        case "admin" -> {
          member.get("/api/v1/keys");
          member.get("/api/v1/audit?limit=10");
        }
        case "operator" -> operate();
        case "consumer" -> consume();
        case "executor" -> member.get("/api/v1/workers");
        case "observer" -> {
          member.get("/metrics");
          member.get("/api/v1/events?limit=5");
        }
        default -> member.get("/api/v1/whoami");
      }
      return null;
    }

    private void operate() throws InterruptedException {
      String made = Member.text(member.post("/api/v1/workers", Json.EMPTY_OBJECT, "worker.create"), "worker_id");
      member.post("/api/v1/workers/" + made + "/stop", Json.EMPTY_OBJECT, "worker.stop");
    }

    private void consume() throws InterruptedException {
      if (worker == null || steps % 20 == 0) {
        worker = Member.text(member.post("/api/v1/workers", Json.EMPTY_OBJECT, "worker.create"), "worker_id");
      }
      String at = "/api/v1/workers/" + worker;
      member.post(at + "/inputs", Json.object("kind", "user", "content", "step " + steps), "input.send");
      if (steps % 3 == 0) {
        member.get(at + "/transcript");
        member.post("/v1/chat/completions", Json.object("model", "scripted", "messages",
            List.of(Map.of("role", "user", "content", "hello"))), null);
      }
    }
  }

  private @Nullable Void wrongKey(Attacker attacker, String host) throws IOException {
    var random = ThreadLocalRandom.current();
    String key = "hfk_%016x_%064x_%08x".formatted(random.nextLong(), random.nextLong(), random.nextInt());
    int status = attacker.send(host, "", "GET /api/v1/workers HTTP/1.1", "Authorization: Bearer " + key);
    assertTrue(status == 401 || status == 429, "a wrong key got " + status);
    wrongKeys.incrementAndGet();
    return null;
  }

  private @Nullable Void foreignHost(Attacker attacker) throws IOException {
    assertEquals(403, attacker.send("evil.example", "", "GET /api/v1/workers HTTP/1.1"));
    foreign.incrementAndGet();
    return null;
  }

  private @Nullable Void oversizeBody(Attacker attacker, String host, String key) throws IOException {
    int status = attacker.send(host, "{\"a\":\"", "POST /api/v1/workers HTTP/1.1", "Authorization: Bearer " + key,
        "Content-Type: application/json", "Content-Length: " + (11 << 20));
    assertEquals(413, status);
    oversize.incrementAndGet();
    return null;
  }

  private void assertAudit(Member admin, Map<String, String> expected) throws InterruptedException {
    Map<String, String> found = new TreeMap<>();
    long wrong = 0;
    long tooLarge = 0;
    long seq = 0;
    String after = "0";
    while (after != null) {
      Map<String, @Nullable Object> page = admin.get("/api/v1/audit?limit=256&after=" + after).members();
      for (Object item : (List<?>) Objects.requireNonNull(page.get("items"))) {
        Map<?, ?> entry = (Map<?, ?>) item;
        assertEquals(++seq, entry.get("seq"));
        String reason = (String) entry.get("reason");
        long count = entry.get("count") instanceof Long many ? many : 1;
        if (reason == null) {
          String before = found.put((String) Objects.requireNonNull(entry.get("request_id")),
              (String) Objects.requireNonNull(entry.get("action")));
          assertEquals(null, before, () -> "twice: " + entry);
        } else if (reason.equals("invalid_key") || reason.equals("rate_limited")) {
          wrong += count;
        } else if (reason.equals("body_too_large")) {
          tooLarge += count;
        }
      }
      after = (String) page.get("next");
    }
    assertEquals(new TreeMap<>(expected), found);
    assertEquals(wrongKeys.get(), wrong, "wrong keys told of");
    assertEquals(oversize.get(), tooLarge, "oversize bodies told of");
  }

  /** One byte of one record in the middle, changed where the node can't see it. */
  private void assertFlipFound(Path data) throws Exception {
    long seq;
    try (var database = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("db").resolve("holdfast.db"));
        var statement = database.createStatement()) {
      seq = statement.executeQuery("SELECT max(seq) / 2 FROM audit").getLong(1);
      statement.executeUpdate("UPDATE audit SET text = replace(text, '\"status\":', '\"statuS\":') WHERE seq = " + seq);
    }
    try (DaemonProcess daemon = DaemonProcess.ofDistribution(data)) {
      var verified = daemon.cli("audit", "verify", "-o", "json");
      assertEquals(8, verified.exitCode());
      assertEquals(seq, Json.parse(verified.out()).members().get("seq"));
    }
  }
}
