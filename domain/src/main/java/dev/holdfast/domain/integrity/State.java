package dev.holdfast.domain.integrity;

import dev.holdfast.domain.access.AccessReads;
import dev.holdfast.domain.access.AuditReads;
import dev.holdfast.domain.relay.tasks.RelayReads;
import dev.holdfast.domain.turns.TurnReads;

/**
 * Everything that a store holds, as it was between two units of work. Valid only while the rule or query that it was given
 * to runs, and only on its thread.
 */
public interface State extends TurnReads, AccessReads, AuditReads, RelayReads {}
