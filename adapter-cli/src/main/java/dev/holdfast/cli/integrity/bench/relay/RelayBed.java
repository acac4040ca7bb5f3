package dev.holdfast.cli.integrity.bench.relay;

import dev.holdfast.cli.integrity.bench.load.Sample;
import dev.holdfast.cli.integrity.bench.load.Scenario;
import dev.holdfast.cli.integrity.bench.load.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model server in this process, and before it a node and its peers as processes of their own. */
public final class RelayBed implements AutoCloseable {
  public static final String WHOLE = "whole";
  public static final String STREAM = "stream";
  public static final String FIRST = "first";
  public static final String UPLOAD = "upload";
  public static final String POSTS = "posts";
  public static final String CALLERS = "callers";
  public static final String DIRECT = "direct";
  public static final String NODE = "node";
  public static final String NGINX = "nginx";
  public static final String PORTKEY = "portkey";
  /** A few of those that the publishing program gathers. */
  public static final int BATCH = 4;

  private static final String PUBLIC = "public";
  private static final String LINKED = "linked";
  private static final String PUBLISHED = "published";
  private static final long STREAM_MICROS = 20_000;
  private static final long CALLERS_MICROS = 10_000;
  private static final int FAST_CHUNKS = 500;

  private final Extent extent;
  private final String store;
  private final Path folder;
  private final Children children;
  private final MockModel model = new MockModel();
  private final Loop loop = new Loop("bench-callers");
  private final NodeChild node;
  private final Publisher publisher;
  private final Target direct;
  private final Target through;
  private final List<Target> peers = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();

  /**
   * All of them answer on return.
   *
   * @param store of the node, by its name
   * @param folder where all that they write is
   */
  public RelayBed(Extent extent, Peers others, String store, Path folder, Children children)
      throws IOException, InterruptedException {
    this.extent = extent;
    this.store = store;
    this.folder = folder;
    this.children = children;
    direct = new Target(DIRECT, "the model server itself", model.address(), "", () -> 0);
    node = new NodeChild(children, folder.resolve("node"), store);
    node.addProvider(PUBLIC, model.url());
    publisher = new Publisher(node.address(), node.key("publisher"), LINKED);
    publisher.open(loop);
    through = node.target(NODE, "through a node", node.key("consumer"));
    others.nginx(children, folder.resolve(NGINX), model).ifPresentOrElse(peers::add,
        () -> absent.add("nginx was not found; name it with --nginx"));
    others.portkey(children, folder.resolve(PORTKEY), model).ifPresentOrElse(peers::add,
        () -> absent.add("Portkey's gateway was not named; name what begins it with --portkey"));
  }

  /** Of a scenario. */
  public static String key(String family, String target, int clients) {
    return Subject.of(family + "-" + target, "", clients).key();
  }

  /** Peers that aren't there and are not compared with, a line each. */
  public List<String> absent() {
    return List.copyOf(absent);
  }

  /** What is measured in every round, the reference beside its subjects. */
  public List<Scenario> scenarios() {
    List<Scenario> all = new ArrayList<>();
    for (int connections : List.of(1, extent.connections())) {
      for (Target target : targets()) {
        all.add(scenario(WHOLE, "a whole answer", target, connections,
            new Asking(loop, target, Words.whole(PUBLIC), connections, Asking.Counts.ANSWERS)));
      }
    }
    for (Target target : targets()) {
      if (!target.name().equals(PORTKEY)) {
        all.add(scenario(STREAM, "chunks, 50 a second of each stream", target, extent.streams(),
            new Following(loop, target, PUBLIC, extent.streams(), STREAM_MICROS)));
      }
    }
    all.addAll(linked());
    return all;
  }

  private List<Target> targets() {
    List<Target> all = new ArrayList<>(List.of(direct));
    all.addAll(peers);
    all.add(through);
    return all;
  }

  private List<Scenario> linked() {
    String usual = Words.streamed(LINKED, 3, 0, UPLOAD);
    return List.of(
        scenario(FIRST, "to the first chunk", direct, 1,
            new Asking(loop, direct, usual, 1, Asking.Counts.FIRST_CHUNKS)),
        scenario(FIRST, "to the first chunk, a publisher's", through, 1, attended(
            new Asking(loop, through, usual, 1, Asking.Counts.FIRST_CHUNKS))),
        fast(UPLOAD, "a publisher's chunks in one request", UPLOAD),
        fast(POSTS, "a publisher's chunks, a post each", Publisher.posts(1)),
        fast(POSTS + BATCH, "a publisher's chunks, " + BATCH + " a post", Publisher.posts(BATCH)));
  }

  private Scenario fast(String family, String title, String how) {
    String json = Words.streamed(LINKED, FAST_CHUNKS, 0, how);
    return scenario(family, title, through, extent.uploads(),
        attended(new Asking(loop, through, json, extent.uploads(), Asking.Counts.CHUNKS)));
  }

  private static Scenario scenario(
      String family, String title, Target target, int clients, Scenario.Measure measure) {
    return new Scenario(Subject.of(family + "-" + target.name(), title + ", " + target.title(), clients), measure);
  }

  /** Nobody hears of this publisher for long while others are measured. */
  private Scenario.Measure attended(Scenario.Measure measure) {
    return nanos -> {
      publisher.heartbeat();
      Sample sample = measure.take(nanos);
      publisher.requireNoFailure();
      return sample;
    };
  }

  /** Many callers of the publisher's model at a steady pace, once and for long. */
  public Scenario callers() {
    return scenario(CALLERS, "a publisher's chunks, 100 a second of each caller", through, extent.callers(),
        attended(new Following(loop, through, LINKED, extent.callers(), CALLERS_MICROS)));
  }

  /** Callers who leave, of a public provider's model. */
  public Departures.Found leavingPublic() throws InterruptedException {
    return new Departures(loop, model).leave(through, PUBLIC, extent.departures());
  }

  /** The same of a model that the product's own program publishes. */
  public Departures.Found leavingPublished() throws IOException, InterruptedException {
    node.publish(PUBLISHED, "http://127.0.0.1:" + model.address().getPort());
    return new Departures(loop, model).leave(through, PUBLISHED, extent.departures());
  }

  /** In a node of its own. */
  public IdleLinks.Found idleLinks() throws IOException, InterruptedException {
    try (var quiet = new NodeChild(children, folder.resolve("quiet"), store)) {
      return new IdleLinks(quiet).open(extent.links());
    }
  }

  @Override
  public void close() {
    publisher.close();
    loop.close();
    children.close();
    model.close();
  }
}
