package dev.holdfast.application.relay.assembly;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.relay.PublisherCare;
import dev.holdfast.application.relay.Publishers;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.UsageLog;
import dev.holdfast.application.relay.tasks.InferenceTasks;
import dev.holdfast.application.relay.tasks.TaskDispatch;
import dev.holdfast.application.relay.tasks.UsageReports;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.relay.ProviderCalls;
import java.time.InstantSource;
import java.util.Set;

/**
 * The relay of one node, put together once. Whoever has it closes the dispatch of tasks and then the log of what was used.
 *
 * @param present what it keeps in memory, which the others share
 */
public record RelayParts(
    Relay.Present present, UsageLog usage, Relay relay, Models models, Publishers publishers, PublisherCare care,
    TaskDispatch dispatch, InferenceTasks tasks, UsageReports reports) {

  /** What the relay needs of its node. */
  public record Node(UnitsOfWork units, NodeState state, Ids ids, InstantSource clock) {}

  /**
   * @param calls how public providers are called
   * @param sharedPools the pools that providers of any owner may join (spec R-3)
   */
  public static RelayParts of(Node node, ProviderCalls calls, Set<String> sharedPools) {
    UnitsOfWork units = node.units();
    Ids ids = node.ids();
    InstantSource clock = node.clock();
    Relay.Present present = Relay.Present.of(clock);
    var usage = new UsageLog(units);
    var relay = new Relay(units, calls, present, usage, ids, clock);
    var dispatch = new TaskDispatch(units, relay, present, usage, node.state(), clock);
    return new RelayParts(present, usage, relay,
        new Models(units, relay, present.admissions(), sharedPools, ids, clock),
        new Publishers(units, present, sharedPools, ids, clock),
        new PublisherCare(units, present, ids, clock),
        dispatch, new InferenceTasks(units, relay, present.tasks(), dispatch, ids, clock), new UsageReports(units));
  }
}
