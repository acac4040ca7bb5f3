// An executor for Holdfast in plain Java 25, without any dependency:
//
//   HOLDFAST_URL=http://127.0.0.1:7400 HOLDFAST_KEY=hfk_... java Executor.java
//
// It runs the turns of external workers over HTTP. README.md, beside this file, explains the protocol. Copy what you need.
// Your agent goes where "PUT YOUR MODEL CALL HERE" stands; the rest is what makes it survive crashes.

import module java.net.http;

// ------------------------------------------------------------------------------------------------------------- The agent

/** A message of a turn's context. */
record Message(String role, String content) {}

/** What one step of the agent said, and whether the turn would end with it. */
record Step(String text, boolean last) {}

/**
 * One step of a turn. It keeps nothing between two calls: all it knows is the context, so that any executor can go on where
 * another one died, from the last checkpoint on.
 *
 * @param context everything that a model is to see, in order; it ends with what this turn has said and taken in so far
 * @param output where the answer goes while it comes; it throws Stopped when nobody wants it any more
 */
Step step(List<Message> context, Output output) throws Exception {
  // >>> PUT YOUR MODEL CALL HERE. Say each piece as it comes, answer the whole text, and say whether that was all.
  // >>> With --model NAME it is the model of the node that speaks: see callModel.
  if (options.model() != null) {
    return callModel(context, output);
  }
  // Without a model the agent repeats what it was told, in two steps: how much it heard, then the words.
  if (!context.getLast().role().equals("assistant")) {
    return new Step(repeat("Heard " + words(heard(context)).size() + " words.\n", output), false);
  }
  return new Step(repeat("You said: " + heard(context), output), true);
}

/** What was said to the agent since its last answer. */
String heard(List<Message> context) {
  List<String> told = new ArrayList<>();
  for (Message message : context) {
    boolean wake = message.role().equals("system") && message.content().startsWith("Wake from ");
    if (message.role().equals("user") || wake) {
      told.add(message.content());
    } else if (message.content().startsWith("You said: ")) {
      told.clear();
    }
  }
  return String.join(" ", told);
}

String repeat(String text, Output output) throws InterruptedException {
  for (String word : words(text)) {
    output.say(word);
    Thread.sleep(options.pauseMs());
  }
  return text;
}

/** Words with the space before them; a very long one in pieces. */
static List<String> words(String text) {
  return Pattern.compile("\\s*\\S{1,1000}|\\s+").matcher(text).results().map(MatchResult::group).toList();
}

/** A model of the node, or of anything else that speaks the OpenAI API. What may pass is tried again, twice. */
Step callModel(List<Message> context, Output output) throws Exception {
  String body = Json.write(object("model", options.model(), "stream", true, "messages",
      context.stream().map(message -> object("role", message.role(), "content", message.content())).toList()));
  for (long pauseMs : List.of(250L, 1_000L)) {
    try {
      return streamed(body, output);
    } catch (IOException | NoAnswer e) {
      output.session.check();  // A call that we ended ourselves is not made again.
      log("model call failed, trying again: " + e.getMessage());
      output.rewind();
      Thread.sleep(pauseMs);
    }
  }
  try {
    return streamed(body, output);
  } catch (IOException | NoAnswer e) {
    output.session.check();
    throw new Failed("failed", "provider_failed", "the model call failed");
  }
}

Step streamed(String body, Output output) throws Exception {
  HttpResponse<Stream<String>> answer = http.send(request("POST", "/v1/chat/completions", body, Duration.ofMinutes(5)),
      HttpResponse.BodyHandlers.ofLines());
  try (Stream<String> lines = answer.body()) {
    if (answer.statusCode() != 200) {
      String code = text(members(read(lines.collect(Collectors.joining("\n"))), "error"), "code");
      if (answer.statusCode() == 429 || answer.statusCode() >= 500) {
        throw new NoAnswer("the model answered " + answer.statusCode() + " " + code, 0);
      }
      boolean missing = "model_not_found".equals(code);
      throw new Failed("failed", missing ? "model_not_found" : "provider_failed", "the model call was refused: " + code);
    }
    output.session.whileProducing(lines);  // Whatever ends the turn closes the call, so that the model stops, too.
    String finish = null;
    for (String line : (Iterable<String>) lines::iterator) {
      if (line.equals("data: [DONE]")) {
        return finished(finish, output);
      }
      if (line.startsWith("data: {")) {
        Map<String, Object> chunk = read(line.substring(6));
        if (chunk.containsKey("error")) {
          throw new NoAnswer("the model's answer was cut: " + chunk.get("error"), 0);
        }
        for (Map<String, Object> choice : items(chunk, "choices")) {
          String piece = text(members(choice, "delta"), "content");
          if (piece != null && !piece.isEmpty()) {
            output.say(piece);
          }
          finish = text(choice, "finish_reason") == null ? finish : text(choice, "finish_reason");
        }
      }
    }
    throw new NoAnswer("the model's answer was cut", 0);
  } catch (UncheckedIOException e) {
    throw e.getCause();
  }
}

Step finished(String finish, Output output) {
  return switch (finish) {
    case "length" -> throw new Failed("incomplete", "max_output_tokens", null);
    case "content_filter" -> throw new Failed("incomplete", "content_filtered", null);
    case null, default -> new Step(output.said(), true);
  };
}

// ---------------------------------------------------------------------------------------------------------- The executor

Options options;
String owner;
/** New with every start of the process: a predecessor's lease is not ours. */
final String incarnation = UUID.randomUUID().toString();
final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
final Map<String, Optional<Session>> running = new ConcurrentHashMap<>();
volatile boolean stopping;

void main(String[] args) throws InterruptedException {
  options = Options.of(args);
  try {
    Map<String, Object> me = patiently(() -> send("GET", "/api/v1/whoami", null, Duration.ofSeconds(10)));
    owner = text(me, "key_id") + ":" + options.name();  // An owner's id begins with the id of its key.
  } catch (Refused e) {
    System.err.println("executor: " + e.getMessage());
    System.exit(1);
  }
  log("works as " + owner + " at " + options.url());
  Thread main = Thread.currentThread();
  Runtime.getRuntime().addShutdownHook(new Thread(() -> handOver(main)));
  var places = new Semaphore(options.sessions());
  while (!stopping) {
    try {
      places.acquire();
      String session = awaitWork();
      if (session == null || running.putIfAbsent(session, Optional.empty()) != null) {
        places.release();
        Thread.sleep(session == null ? 0 : 50);
        continue;
      }
      Thread.startVirtualThread(() -> {
        try {
          serve(session);
        } finally {
          running.remove(session);
          places.release();
        }
      });
    } catch (InterruptedException e) {
      // Stopping.
    } catch (Refused e) {
      System.err.println("executor: " + e.getMessage());  // A wrong key or role: no waiting helps.
      System.exit(1);
    }
  }
}

/** A session that has something to do, or null. Hints come at least once and to everybody, so each takes one at random. */
String awaitWork() throws InterruptedException {
  var found = new ArrayList<>(items(
      patiently(() -> send("GET", "/api/v1/executor/work?wait_ms=20000&limit=64", null, Duration.ofSeconds(30))), "items"));
  return found.isEmpty() ? null : text(found.get(ThreadLocalRandom.current().nextInt(found.size())), "session_id");
}

/** SIGTERM: stop producing and give the leases back, so that another executor goes on at once, at no turn's cost. */
void handOver(Thread main) {
  stopping = true;
  main.interrupt();
  long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
  while (!running.isEmpty() && System.nanoTime() < end) {
    running.values().forEach(session -> session.ifPresent(Session::stopProducing));
    LockSupport.parkNanos(20_000_000);
  }
}

/** Takes the session, does what comes next in it, and gives it back. */
void serve(String id) {
  try {
    Map<String, Object> lease = patiently(() -> send("POST", "/api/v1/sessions/" + id + "/lease", object("owner_id", owner,
        "incarnation_id", incarnation, "ttl_ms", options.ttlMs()), Duration.ofSeconds(10)));
    try (var session = new Session(id, members(lease, "fence"))) {
      running.put(id, Optional.of(session));
      session.work();
    }
  } catch (Lost e) {
    log(id + ": lost, the lease ran out or was taken over: " + e.getMessage());
  } catch (Refused e) {
    if (!e.reason.equals("lease_busy")) {  // Somebody else was faster: that is how it should be.
      log(id + ": " + e.getMessage());
    }
    LockSupport.parkNanos(200_000_000);
  } catch (InterruptedException e) {
    // Stopping.
  } catch (RuntimeException e) {
    log(id + ": left, its lease will end by itself: " + e);
  }
}

// ----------------------------------------------------------------------------------------------------------- One session

/** A session that we hold. Its lease is renewed in the background, and its loss ends everything. */
final class Session implements AutoCloseable {
  /** Refusals that mean: this turn, or this session, is not ours any more. */
  private static final Set<String> LOSSES = Set.of("lease_expired", "attempt_superseded", "turn_ended", "turn_not_found",
      "cancel_overdue", "turn_deadline_exceeded", "session_binding_mismatch", "claim_superseded", "output_gap");

  final String id;
  final String path;
  final Map<String, Object> fence;
  private volatile String lost;
  private volatile boolean cancelled;
  private volatile boolean closed;
  private volatile long validUntil = System.nanoTime() + options.ttlMs() * 1_000_000;
  private volatile AutoCloseable producing;
  private final List<Map<String, Object>> held = new ArrayList<>();

  Session(String id, Map<String, Object> fence) {
    this.id = id;
    this.path = "/api/v1/sessions/" + id;
    this.fence = fence;
    Thread.startVirtualThread(this::guard);
  }

  private void guard() {
    try {
      for (Thread.sleep(options.renewMs()); !closed; Thread.sleep(options.renewMs())) {
        renew();
      }
    } catch (RuntimeException e) {
      lose(e.getMessage());  // Any refused renewal means that the lease is lost.
    } catch (InterruptedException e) {
      lose("interrupted");
    }
  }

  void renew() throws InterruptedException {
    long asked = System.nanoTime();
    call(path + "/lease/renew", "ttl_ms", options.ttlMs());
    validUntil = asked + options.ttlMs() * 1_000_000;
  }

  /**
   * A call with our fence. Where no answer comes it is made again, just the same: the node knows each of these calls by what
   * stands in it (the claim, the number of the output, the commit's stamp), so that none of them takes effect twice. It is
   * tried as long as the lease lives.
   */
  Map<String, Object> call(String to, Object... body) throws InterruptedException {
    Map<String, Object> asked = object(body);
    asked.put("fence", fence);
    return repeated(() -> send("POST", to, asked, patience()));
  }

  private Map<String, Object> repeated(Callable<Map<String, Object>> call) throws InterruptedException {
    for (int tries = 0;; tries++) {
      if (lost != null) {
        throw new Lost(lost);
      }
      try {
        Map<String, Object> answer = call.call();
        if (answer.containsKey("cancel")) {
          cancelled = true;
          stopProducing();
        }
        return answer;
      } catch (NoAnswer e) {
        if (System.nanoTime() > validUntil) {
          throw lose("no answer within the lease's time: " + e.getMessage());
        }
        Thread.sleep(e.pauseMs(tries));
      } catch (Refused e) {
        if (LOSSES.contains(e.reason)) {
          throw lose(e.getMessage());
        }
        throw e;
      } catch (InterruptedException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Duration patience() {
    return Duration.ofMillis(Math.clamp(options.ttlMs() / 2, 200, 10_000));
  }

  private Lost lose(String why) {
    if (!closed) {
      lost = why;
      stopProducing();
    }
    return new Lost(why);
  }

  /** What to close when the turn is to stop, as the connection to a model. */
  void whileProducing(AutoCloseable call) {
    producing = call;
    if (isToStop()) {
      stopProducing();
    }
  }

  void stopProducing() {
    try (AutoCloseable call = producing) {
      producing = null;
    } catch (Exception e) {
      // It was closed already.
    }
  }

  boolean isToStop() {
    return lost != null || cancelled || stopping;
  }

  /** Throws when there is a reason to stop producing. */
  void check() {
    if (isToStop()) {
      throw new Stopped();
    }
  }

  /** Ends the renewals. What is called now is repeated as long as the lease lives by itself. */
  @Override
  public void close() {
    closed = true;
  }

  /** Applies the commands that come first, then runs one turn. Each turn's commit gives the session back. */
  void work() throws InterruptedException {
    while (true) {
      Map<String, Object> work = stopping ? object("kind", "none") : call(path + "/next-work");
      switch (text(work, "kind")) {
        case "command" -> apply(work);
        case "settle" -> {
          // The turn is to end without another model call: it was cancelled, is too old, or died too often.
          commit("turn_id", text(work, "turn_id"), "attempt", work.get("attempt"), "outcome", text(work, "outcome"),
              "outcome_reason", text(work, "outcome_reason"), "completed", List.of(members(work, "claim")), "release", true);
          log(id + ": " + text(work, "turn_id") + " settled as " + text(work, "outcome"));
          return;
        }
        case "turn" -> {
          new Turn(this, work).run();
          return;
        }
        default -> {
          release();
          Thread.sleep(100);  // Hints can be stale; no hurry then.
          return;
        }
      }
    }
  }

  /** The node knows what its commands do; we refresh what we keep of tools and context, here nothing, and complete it. */
  private void apply(Map<String, Object> work) throws InterruptedException {
    log(id + ": applies " + text(items(members(work, "batch"), "items").getFirst(), "kind"));
    try {
      // This commit has no stamp that would make it repeatable.
      send("POST", path + "/commits", object("fence", fence, "completed", List.of(members(work, "claim"))), patience());
    } catch (NoAnswer e) {
      // So we ask for the next work: the same command again, if it is still to be done.
      Thread.sleep(e.pauseMs(0));
    }
  }

  /** Gives the session back. An open turn's attempt is handed over, which is no failure of it. */
  void release() throws InterruptedException {
    call(path + "/lease/release");
  }

  Map<String, Object> commit(Object... body) throws InterruptedException {
    Map<String, Object> answer = call(path + "/commits", body);
    held.clear();
    return answer;
  }

  /** What waits for this checkpoint: inputs for the open turn, then wakes. The next commit completes these claims. */
  List<Map<String, Object>> claimAt(String kind, Turn turn) throws InterruptedException {
    Map<String, Object> taken =
        call(path + "/checkpoint-claims", "turn_id", turn.id, "attempt", turn.attempt, "kind", kind);
    for (String family : List.of("inputs", "wakes")) {
      if (taken.containsKey(family)) {
        held.add(members(members(taken, family), "claim"));
      }
    }
    return List.copyOf(held);
  }

  /** Gives back what was taken at a checkpoint and not committed; what a turn began with stays the turn's. */
  void abandon() {
    for (Map<String, Object> claim : held) {
      try {
        send("POST", path + "/abandon", object("fence", fence, "claim_id", claim.get("claim_id"), "claim_token",
            claim.get("claim_token")), patience());
      } catch (NoAnswer | Refused e) {
        // Then it ends with the lease's generation.
      } catch (InterruptedException e) {
        return;
      }
    }
    held.clear();
  }
}

/** One attempt of a turn: steps with a checkpoint behind each, and one commit that ends the turn. */
final class Turn {
  final Session session;
  final String id;
  final long attempt;
  private final Map<String, Object> start;
  private final Output output;
  private long commits;

  Turn(Session session, Map<String, Object> work) {
    Map<String, Object> attempt = members(work, "attempt");
    this.session = session;
    this.id = text(members(work, "turn"), "turn_id");
    this.attempt = number(attempt, "number");
    this.commits = number(attempt, "commits");
    this.start = members(work, "claim");
    this.output = new Output(session, id, this.attempt, number(attempt, "last_output_seq"));
  }

  void run() throws InterruptedException {
    try {
      if (output.last() > 1) {
        // We have written to this attempt before and lost our way in it. A new attempt tells the readers what to drop.
        session.release();
        return;
      }
      steps();
    } catch (Lost e) {
      session.abandon();
      throw e;
    } catch (InterruptedException | Refused e) {
      throw e;
    } catch (Exception e) {
      // What breaks in the agent because it is to stop, as a call that was closed, is no failure.
      if (session.isToStop()) {
        stopped();
      } else {
        Failed why = e instanceof Failed f ? f : new Failed("failed", "executor_failed", e.getClass().getSimpleName());
        end(why.outcome, why.reason, why.note, output.said(), "partial");
      }
    }
  }

  private void stopped() throws InterruptedException {
    session.abandon();
    if (session.lost != null) {
      throw new Lost(session.lost);
    } else if (session.cancelled) {
      cancel();
    } else {
      output.flush();
      session.release();
      log(session.id + ": " + id + " handed over");
    }
  }

  private void steps() throws Exception {
    while (true) {
      session.check();
      Step step = step(context(), output);
      output.flush();
      session.check();
      List<Map<String, Object>> taken = session.claimAt(step.last() ? "before_completion" : "after_work", this);
      session.check();
      if (step.last() && taken.isEmpty()) {
        end("completed", null, null, step.text(), "final");
        return;
      }
      // Behind this commit nobody has to repeat the step, and what was taken in belongs to the turn.
      Map<String, Object> done = session.commit("turn_id", id, "attempt", attempt, "commit_no", ++commits, "entries",
          entries(step.text(), "final"), "completed", taken, "usage", usage(step.text()), "last_output_seq", output.last());
      output.behindCheckpoint(number(done, "last_output_seq"));
    }
  }

  private List<Message> context() throws InterruptedException {
    try {
      return items(session.repeated(() -> send("GET", session.path + "/context?turn_id=" + id, null, session.patience())),
          "items").stream().map(item -> new Message(text(item, "role"), text(item, "content"))).toList();
    } catch (Refused e) {
      throw e.reason.equals("context_too_large") ? new Failed("failed", e.reason, null) : e;
    }
  }

  /** The commit that ends the turn. Its stamp is the turn's: made again it answers what it answered first. */
  private void end(String outcome, String reason, String note, String text, String status) throws InterruptedException {
    output.flush();
    session.renew();  // A last look whether the session is ours, before anything is final.
    session.close();  // The commit gives the lease back: a renewal behind it would take that for a loss.
    try {
      session.commit("turn_id", id, "attempt", attempt, "outcome", outcome, "outcome_reason", reason, "note", note,
          "entries", text.isBlank() ? List.of() : entries(text, status), "completed", List.of(start), "usage", usage(text),
          "last_output_seq", output.last(), "release", true);
      log(session.id + ": " + id + " " + outcome);
    } catch (Refused e) {
      if (!e.reason.equals("cancel_won")) {
        throw e;
      }
      cancel();  // The request to cancel came before our commit.
    }
  }

  /** We have stopped: say so, and end the turn as cancelled with what there is of an answer. */
  private void cancel() throws InterruptedException {
    session.call(session.path + "/cancel-ack", "turn_id", id);
    end("cancelled", null, null, output.said(), "partial");
  }

  private static List<Map<String, Object>> entries(String text, String status) {
    return List.of(object("role", "assistant", "content", text, "status", status));
  }

  /** Real agents pass on what their provider counts. */
  private static Map<String, Object> usage(String text) {
    return object("input_tokens", 0, "output_tokens", words(text).size());
  }
}

/** A turn's output: gathered for 25 ms and appended in groups, so that a fast model doesn't make a call for each token. */
final class Output {
  private static final long GATHER_MS = 25;
  private static final int MAX_RECORDS = 256;
  private static final int MAX_CHARACTERS = 32 * 1024;
  private static final int MAX_DELTA = 16 * 1024;

  final Session session;
  private final String turn;
  private final long attempt;
  private final Deque<Map<String, Object>> waiting = new ArrayDeque<>();
  private final StringBuilder said = new StringBuilder();
  private boolean appending;
  private long last;
  private long kept = 1;

  Output(Session session, String turn, long attempt, long last) {
    this.session = session;
    this.turn = turn;
    this.attempt = attempt;
    this.last = last;
  }

  synchronized void say(String text) {
    session.check();
    said.append(text);
    for (int from = 0; from < text.length();) {
      int to = Math.min(from + MAX_DELTA, text.length());
      // A character of two halves stays whole.
      to -= to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
      add(object("kind", "delta", "text", text.substring(from, to)));
      from = to;
    }
  }

  /** The step begins again: readers drop what it has said. What is behind a checkpoint stays. */
  synchronized void rewind() {
    said.setLength(0);
    add(object("kind", "rewound", "keep_until", object("attempt", attempt, "seq", kept)));
  }

  private void add(Map<String, Object> record) {
    waiting.add(record);
    if (!appending) {
      appending = true;
      Thread.startVirtualThread(this::append);
    }
  }

  private void append() {
    try {
      for (List<Map<String, Object>> group = next(); !group.isEmpty(); group = next()) {
        // The numbers are part of the request: a repeated append adds nothing that is there already.
        session.call("/api/v1/turns/" + turn + "/output", "attempt", attempt, "first_seq", last + 1, "records", group);
        last += group.size();
      }
    } catch (InterruptedException | RuntimeException e) {
      session.lose(e.getMessage());
      next(false);
    }
  }

  private List<Map<String, Object>> next() throws InterruptedException {
    Thread.sleep(GATHER_MS);
    return next(true);
  }

  /** The next group; none when nothing waits, or nothing more is to be written, and then this appending is over. */
  private synchronized List<Map<String, Object>> next(boolean more) {
    List<Map<String, Object>> group = new ArrayList<>();
    int characters = 0;
    while (more && !waiting.isEmpty() && group.size() < MAX_RECORDS && characters < MAX_CHARACTERS) {
      group.add(waiting.remove());
      characters += String.valueOf(group.getLast().get("text")).length();
    }
    appending = !group.isEmpty();
    notifyAll();
    return group;
  }

  /** Waits until everything is durable. */
  synchronized void flush() throws InterruptedException {
    while (appending) {
      wait();
    }
    if (session.lost != null) {
      throw new Lost(session.lost);
    }
  }

  /** The number of the newest record. */
  long last() {
    return last;
  }

  synchronized void behindCheckpoint(long seq) {
    last = seq;
    kept = seq;
    said.setLength(0);
  }

  /** What was said since the last checkpoint. */
  synchronized String said() {
    return said.toString();
  }
}

// ------------------------------------------------------------------------------------------------------------------ Calls

/** The node said no, and why; its text is made for people. */
static final class Refused extends RuntimeException {
  final String reason;

  Refused(String call, int status, Map<String, Object> problem) {
    super(call + " was refused: " + problem.get("reason") + " (" + status + "), " + problem.get("title"));
    this.reason = String.valueOf(problem.get("reason"));
  }
}

/** No answer, or one that asks to come back: whether the call took effect isn't known. */
static final class NoAnswer extends RuntimeException {
  private final long afterMs;

  NoAnswer(String message, long afterMs) {
    super(message);
    this.afterMs = afterMs;
  }

  /** Longer with each try, up to a second, unless the node named a time. */
  long pauseMs(int tries) {
    return afterMs > 0 ? afterMs : Math.min(1_000, 50L << Math.min(tries, 5));
  }
}

/** The session is somebody else's now, or nobody's. */
static final class Lost extends RuntimeException {
  Lost(String message) {
    super(message);
  }
}

/** Thrown into the agent when nobody wants its answer any more: lost, cancelled, or handing over. */
static final class Stopped extends RuntimeException {}

/** The turn has to end otherwise than completed. */
static final class Failed extends RuntimeException {
  final String outcome;
  final String reason;
  final String note;

  Failed(String outcome, String reason, String note) {
    super(reason);
    this.outcome = outcome;
    this.reason = reason;
    this.note = note;
  }
}

HttpRequest request(String method, String path, String body, Duration patience) {
  return HttpRequest.newBuilder(URI.create(options.url() + path)).timeout(patience)
      .header("Authorization", "Bearer " + options.key()).header("Content-Type", "application/json")
      .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)).build();
}

Map<String, Object> send(String method, String path, Object body, Duration patience) throws InterruptedException {
  HttpResponse<String> answer;
  try {
    answer = http.send(request(method, path, body == null ? null : Json.write(body), patience),
        HttpResponse.BodyHandlers.ofString());
  } catch (IOException e) {
    throw new NoAnswer(method + " " + path + ": " + e, 0);
  }
  int status = answer.statusCode();
  Map<String, Object> members = answer.body().isEmpty() ? Map.of() : read(answer.body());
  if (status < 300) {
    return members;
  }
  var refusal = new Refused(method + " " + path, status, members);
  if (status == 429) {
    throw new NoAnswer(refusal.getMessage(), 1_000 * answer.headers().firstValueAsLong("Retry-After").orElse(1));
  }
  if (status >= 500) {
    throw new NoAnswer(refusal.getMessage(), 0);
  }
  throw refusal;
}

/** A call without a lease: made until it is answered, or until we stop. */
Map<String, Object> patiently(Callable<Map<String, Object>> call) throws InterruptedException {
  for (int tries = 0; !stopping; tries++) {
    try {
      return call.call();
    } catch (NoAnswer e) {
      if (tries % 10 == 0) {
        log("waits for the node: " + e.getMessage());
      }
      Thread.sleep(e.pauseMs(tries));
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
  throw new InterruptedException("stopping");
}

void log(String message) {
  System.err.println("executor: " + message);
}

/** How it was started. The renewal interval is at most a third of the lease's time. */
record Options(String url, String key, String name, int sessions, long ttlMs, long renewMs, long pauseMs, String model) {
  static final String USAGE = """
      usage: java Executor.java [--name NAME] [--sessions N] [--ttl-ms N] [--renew-ms N] [--pause-ms N] [--model NAME]
      The environment names the node: HOLDFAST_URL (default http://127.0.0.1:7400) and HOLDFAST_KEY, a key of the role executor.""";

  static Options of(String[] args) {
    var given = new HashMap<>(Map.of("--name", "java", "--sessions", "8", "--ttl-ms", "30000", "--renew-ms", "0",
        "--pause-ms", "50", "--model", ""));
    String key = System.getenv("HOLDFAST_KEY");
    boolean good = key != null && args.length % 2 == 0;
    for (int i = 0; i + 1 < args.length; i += 2) {
      good &= given.put(args[i], args[i + 1]) != null;
    }
    try {
      if (good) {
        long ttl = Long.parseLong(given.get("--ttl-ms"));
        long renew = Long.parseLong(given.get("--renew-ms"));
        if (renew > ttl / 3) {
          System.err.println("executor: --renew-ms " + renew + " is more than a third of --ttl-ms " + ttl);
          System.exit(2);
        }
        return new Options(System.getenv().getOrDefault("HOLDFAST_URL", "http://127.0.0.1:7400"), key.strip(),
            given.get("--name"), Integer.parseInt(given.get("--sessions")), ttl,
            renew == 0 ? ttl / 3 : renew, Long.parseLong(given.get("--pause-ms")),
            given.get("--model").isEmpty() ? null : given.get("--model"));
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    System.err.println(USAGE);
    System.exit(2);
    throw new AssertionError();
  }
}

// ------------------------------------------------------------------------------------------------------------------- JSON

/** An object of name, value, name, value …, without those that are null. */
static Map<String, Object> object(Object... pairs) {
  Map<String, Object> members = new LinkedHashMap<>();
  for (int i = 0; i < pairs.length; i += 2) {
    if (pairs[i + 1] != null) {
      members.put((String) pairs[i], pairs[i + 1]);
    }
  }
  return members;
}

@SuppressWarnings("unchecked")
static Map<String, Object> read(String text) {
  return new Json(text).value() instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
}

@SuppressWarnings("unchecked")
static Map<String, Object> members(Map<String, Object> of, String name) {
  return of.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
}

@SuppressWarnings("unchecked")
static List<Map<String, Object>> items(Map<String, Object> of, String name) {
  return of.get(name) instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
}

static String text(Map<String, Object> of, String name) {
  return (String) of.get(name);
}

static long number(Map<String, Object> of, String name) {
  return ((Number) of.get(name)).longValue();
}

/** As much JSON as this needs; in your own code take a library. Members that are null are left out. */
static final class Json {
  private final String text;
  private int at;

  Json(String text) {
    this.text = text;
  }

  private char peek() {
    while (Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.charAt(at);
  }

  /** Whether this is the next character, which is taken then. */
  private boolean take(char c) {
    boolean found = peek() == c;
    at += found ? 1 : 0;
    return found;
  }

  Object value() {
    if (take('{')) {
      Map<String, Object> members = new LinkedHashMap<>();
      while (!take('}')) {
        take(',');
        String name = (String) value();
        take(':');
        Object value = value();
        if (value != null) {
          members.put(name, value);
        }
      }
      return members;
    }
    if (take('[')) {
      List<Object> items = new ArrayList<>();
      while (!take(']')) {
        take(',');
        items.add(value());
      }
      return items;
    }
    return take('"') ? string() : word();
  }

  private String string() {
    var out = new StringBuilder();
    for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
      out.append(c == '\\' ? escaped(text.charAt(at++)) : c);
    }
    return out.toString();
  }

  private char escaped(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> (char) Integer.parseInt(text.substring(at, at += 4), 16);
      default -> c;
    };
  }

  private Object word() {
    int from = at;
    while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(from, at);
    return switch (word) {
      case "null" -> null;
      case "true", "false" -> Boolean.valueOf(word);
      default -> word.matches("-?[0-9]+") ? (Number) Long.valueOf(word) : (Number) Double.valueOf(word);
    };
  }

  static String write(Object value) {
    return switch (value) {
      case Map<?, ?> map -> map.entrySet().stream().map(e -> write(e.getKey()) + ":" + write(e.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
      case List<?> list -> list.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
      case String text -> {
        var out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
          out.append(c == '"' || c == '\\' ? "\\" + c : c < ' ' ? String.format("\\u%04x", (int) c) : "" + c);
        }
        yield out.append('"').toString();
      }
      default -> value.toString();
    };
  }
}
