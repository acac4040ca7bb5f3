package dev.holdfast.cli;

import java.util.Objects;

/** Which Holdfast this is. */
public final class Version {
  private Version() {}

  public static String text() {
    return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
  }
}
