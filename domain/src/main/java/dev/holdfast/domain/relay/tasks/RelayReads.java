package dev.holdfast.domain.relay.tasks;

import dev.holdfast.domain.relay.ProviderReads;
import dev.holdfast.domain.relay.publishers.PublisherReads;

/** All that the relay keeps. */
public interface RelayReads extends ProviderReads, PublisherReads, TaskReads {}
