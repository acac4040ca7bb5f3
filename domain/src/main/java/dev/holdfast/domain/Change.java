package dev.holdfast.domain;

/**
 * One record that a unit of work writes. Each capability has one sealed sub-interface of it; a store applies them in
 * the order of a {@link Decision} and makes all of a decision's changes durable together or none of them.
 */
public interface Change {}
