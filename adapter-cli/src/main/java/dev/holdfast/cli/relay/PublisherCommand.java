package dev.holdfast.cli.relay;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.domain.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Machines that serve models over links that they open themselves. */
@Command(
    name = "publisher",
    description = "See and remove the machines that publish models.",
    subcommands = {PublisherCommand.Listed.class, PublisherCommand.Shown.class, PublisherCommand.Rotate.class,
      PublisherCommand.Remove.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  holdfast publisher list", "  holdfast publisher show pub-…"})
public final class PublisherCommand {
  private static final String PATH = "/api/v1/publishers";
  private static final List<Column> FACTS = List.of(Column.of("publisher", "publisher_id"),
      Column.of("label", "label"), Column.of("owner", "owner"), Column.of("link", "link"),
      Column.of("heard of", "heartbeat_age_s"), Column.of("in flight", "in_flight"),
      Column.of("serves", "serves"), Column.of("links opened", "links_opened"), Column.of("created", "created_at"));

  private PublisherCommand() {}

  private static String path(String id) {
    return PATH + "/" + Client.encoded(id);
  }

  /** All of them. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The publishers. A publisher's key sees those of its own subject.",
      footer = {"", "Examples:", "  holdfast publisher list", "  holdfast publisher ls -o json"})
  static final class Listed extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("PUBLISHER", "publisher_id"),
        Column.of("LABEL", "label"), Column.of("LINK", "link"), Column.of("HEARD OF (S)", "heartbeat_age_s"),
        Column.of("IN FLIGHT", "in_flight"), Column.wide("OWNER", "owner"), Column.wide("CREATED", "created_at"));

    @Override
    public Integer call() {
      output().list(list(client().object(PATH), "items"), COLUMNS);
      return ExitCode.OK;
    }
  }

  /** One of them. */
  @Command(
      name = "show",
      description = "One publisher: its link, when it was heard of, what it serves and works on.",
      footer = {"", "Examples:", "  holdfast publisher show pub-… -o json"})
  static final class Shown extends NodeVerb {
    @Parameters(paramLabel = "PUBLISHER", description = "The publisher's id.")
    String id = "";

    @Override
    public Integer call() {
      Json publisher = client().object(path(id));
      Map<String, @Nullable Object> members = new TreeMap<>(publisher.members());
      members.put("serves", list(publisher, "providers").stream().map(one -> text(one, "name")).toList());
      output().one(Json.of(members), FACTS);
      return ExitCode.OK;
    }
  }

  /** A new secret. */
  @Command(
      name = "rotate",
      description = "Give a publisher a new secret, which is shown this once. Its open link stays; it needs the new secret to"
          + " come back.",
      footer = {"", "Examples:", "  holdfast publisher rotate pub-…"})
  static final class Rotate extends NodeVerb {
    private static final List<Column> COLUMNS =
        List.of(Column.of("publisher", "publisher_id"), Column.of("secret", "publisher_secret"));

    @Parameters(paramLabel = "PUBLISHER", description = "The publisher's id.")
    String id = "";

    @Override
    public Integer call() {
      output().one(client().post(path(id) + "/rotate", Json.EMPTY_OBJECT), COLUMNS);
      return ExitCode.OK;
    }
  }

  /** One less. */
  @Command(
      name = "rm",
      aliases = "remove",
      description = "Remove a publisher with its providers, unless they work on calls. Its machine may register anew.",
      footer = {"", "Examples:", "  holdfast publisher rm pub-…"})
  static final class Remove extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("publisher", "publisher_id"));

    @Parameters(paramLabel = "PUBLISHER", description = "The publisher's id.")
    String id = "";

    @Override
    public Integer call() {
      if (!isConfirmed("Remove the publisher " + id + " and what it serves?")) {
        return ExitCode.FAILED;
      }
      output().one(client().delete(path(id)), COLUMNS);
      screen().whisper(id + " is removed");
      return ExitCode.OK;
    }
  }
}
