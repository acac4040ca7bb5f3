package dev.holdfast.domain.access;

import dev.holdfast.domain.Change;

/** What a unit of work writes about keys. */
public sealed interface AccessChange extends Change {
  record KeyPut(Key key) implements AccessChange {}
}
