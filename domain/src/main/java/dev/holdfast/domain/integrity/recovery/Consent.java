package dev.holdfast.domain.integrity.recovery;

import java.util.Locale;

/** What an operator may allow a recovery to do beyond what a launch does by itself. */
public enum Consent {
  APPLY,
  /** Launch state, launch transaction and revision are written anew from the journal. */
  RELAUNCH,
  /** A store of another run counts as one of the present run; named with the store. */
  RESTAMP,
  /** What a later version wrote is set aside, after a backup; named with the store. */
  DROP_FUTURE,
  /** What the journal has behind its last good frame is given up. */
  ACCEPT_LOSS;

  /** The option of {@code store recover}, with the schema where it is given for one. */
  public String option(String schemaName) {
    String option = "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    return switch (this) {
      case APPLY, RELAUNCH, ACCEPT_LOSS -> option;
      case RESTAMP, DROP_FUTURE -> option + " " + schemaName;
    };
  }
}
