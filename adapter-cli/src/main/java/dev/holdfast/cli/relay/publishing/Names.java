package dev.holdfast.cli.relay.publishing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of providers, made of what model servers call their models (spec ). */
final class Names {
  private static final int LONGEST = 100;

  private final String suffix;

  /** @param suffix what is added to every name; {@code auto} for this machine's name, null for nothing */
  Names(@Nullable String suffix) {
    this.suffix = suffix == null ? "" : "-" + plain(suffix.equals("auto") ? host() : suffix);
  }

  /** As {@code qwen-qwen2.5-7b-laptop}. */
  String of(String model) {
    String name = model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[^a-z0-9]+", "");
    String stem = name.isEmpty() ? "model" : name;
    return stem.substring(0, Math.min(stem.length(), LONGEST - suffix.length())) + suffix;
  }

  private static String plain(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-").replaceAll("^-+|-+$", "");
    return plain.substring(0, Math.min(plain.length(), LONGEST / 2));
  }

  /** What people call this machine. */
  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", "");
    } catch (UnknownHostException e) {
      return "host";
    }
  }
}
