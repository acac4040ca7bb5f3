package dev.holdfast.http.integrity;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.integrity.pruning.PruneRequest;

/**
 * What a caller wants to be pruned.
 *
 * @param dryRun whether it is only to be told; so where nothing is said of it
 */
record PruneBody(PruneRequest request, boolean dryRun) {

  static PruneBody read(JsonMembers members) {
    var request = new PruneRequest(members.optionalInstant("events_before"),
        members.optionalInstant("transcripts_of_finished_before"), members.optionalInstant("outputs_before"),
        members.optionalInstant("tombstones_before"), members.optionalInstant("tasks_before"),
        members.optionalInstant("audit_before"), members.optionalInstant("diagnostics_before"));
    return new PruneBody(request, members.bool("dry_run", true));
  }
}
