package dev.holdfast.cli.integrity.bench.turns;

import dev.holdfast.cli.integrity.bench.load.Bed;
import dev.holdfast.cli.integrity.bench.load.HttpCalls;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.PresentedKey;
import java.io.IOException;
import java.net.URI;
import java.util.stream.IntStream;

/**
 * A turn as an external executor runs it over one connection: the session is leased, its next work taken, twenty deltas are
 * appended in one request, the answer is committed and the lease given back with it. Four requests, each durable before its
 * answer. What the executor sends back is cut out of the answers as it stands, so that the client takes little of the cores.
 */
public final class HttpTurns implements TurnCycle.Turns {
  private static final String RECORDS = Json.object("records", IntStream.range(0, TurnCycle.DELTAS)
      .mapToObj(i -> Json.object("kind", "delta", "text", "delta " + i + " ")).toList()).text().substring(1);
  private static final String ENTRY = Json.object("role", "assistant", "content", Bed.CONTENT).text();

  /** Of a turn. */
  public static final int REQUESTS = 4;

  private final HttpCalls calls;
  private final String claimant;

  /** @param key of an executor, which its owner's id begins with */
  HttpTurns(URI node, String key, int number) throws IOException {
    this.calls = new HttpCalls(node, key);
    this.claimant = Json.object("owner_id", PresentedKey.parse(key).orElseThrow().id() + ":bench-" + number,
        "incarnation_id", "1").text();
  }

  @Override
  public void run(WorkerId session, boolean alsoStale) throws IOException {
    String path = "/api/v1/sessions/" + session;
    String fence = object(calls.post(path + "/lease", claimant), "fence");
    String work = calls.post(path + "/next-work", "{\"fence\":" + fence + "}");
    String turn = text(work, "turn_id");
    calls.post("/api/v1/turns/" + turn + "/output", "{\"fence\":" + fence + ",\"attempt\":1,\"first_seq\":"
        + TurnCycle.FIRST_DELTA + "," + RECORDS);
    String commit =
        ",\"turn_id\":\"" + turn + "\",\"attempt\":1,\"outcome\":\"completed\",\"release\":true,\"completed\":["
            + object(work, "claim") + "],\"last_output_seq\":" + (TurnCycle.FIRST_DELTA + TurnCycle.DELTAS - 1)
            + ",\"entries\":[" + ENTRY + "]}";
    if (alsoStale) {
      calls.conflicting(path + "/commits", "{\"fence\":" + stale(fence) + commit);
    }
    calls.post(path + "/commits", "{\"fence\":" + fence + commit);
  }

  /** As somebody holds it who had the session before. */
  private static String stale(String fence) {
    String token = text(fence, "lease_token");
    return fence.replace(token, new StringBuilder(token).reverse());
  }

  /** A member that is an object without others in it. */
  private static String object(String json, String name) {
    int at = json.indexOf("\"" + name + "\":{") + name.length() + 3;
    return json.substring(at, json.indexOf('}', at) + 1);
  }

  private static String text(String json, String name) {
    int at = json.indexOf("\"" + name + "\":\"") + name.length() + 4;
    return json.substring(at, json.indexOf('"', at));
  }

  @Override
  public void close() throws IOException {
    calls.close();
  }
}
