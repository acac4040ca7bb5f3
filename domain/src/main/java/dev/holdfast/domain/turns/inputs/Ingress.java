package dev.holdfast.domain.turns.inputs;

/** Where a submitted input wants to go. */
public sealed interface Ingress {
  /** Into the next turn. */
  record NextTurn() implements Ingress {}
}
