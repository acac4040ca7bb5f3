package dev.holdfast.domain.relay;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a provider offers, and to whom.
 *
 * @param pool the model that it serves together with others, or null
 * @param apiType how its server speaks, such as {@code openai}
 * @param backendModel the model's name at its server
 * @param tier a word for choosing by hand
 * @param maxInFlight calls at the same time, from 1
 * @param wakeWithin how long its publisher may take to load the model of a hibernating one; null where it can't
 * @param artifactDigest of the model's file, {@code sha256:} and hex, where it is known
 */
public record Offer(
    String name, @Nullable String pool, String apiType, String backendModel, String tier,
    @Nullable String description, Visibility visibility, int maxInFlight, @Nullable Duration wakeWithin,
    @Nullable String artifactDigest) {
  public static final String OPENAI = "openai";
  public static final String USUAL_TIER = "fast";
  public static final int USUAL_IN_FLIGHT = 4;
  public static final int MAX_IN_FLIGHT = 100_000;
  public static final Duration USUAL_WAKE = Duration.ofSeconds(60);
  public static final Duration LONGEST_WAKE = Duration.ofHours(1);

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");
  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1,200}");
  private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9._-]{0,49}");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final int MAX_DESCRIPTION = 1_000;

  /** Who may use a provider (spec R-4). */
  public enum Visibility {
    /** Callers of its owner's subject, those whose key names the model, and admins. */
    PRIVATE,
    SHARED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A provider without a pool that only its name and its model tell of. */
  public static Offer of(String name, String backendModel, Visibility visibility) {
    return new Offer(name, null, OPENAI, backendModel, USUAL_TIER, null, visibility, USUAL_IN_FLIGHT, null, null);
  }

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The same offer if it keeps the rules of R-1, or invalid_name, or invalid_request with the member's name. */
  public Outcome<Offer> checked() {
    if (!isName(name)) {
      return Outcome.refused(Reason.INVALID_NAME, "field", "name");
    }
    if (pool != null && !isName(pool)) {
      return Outcome.refused(Reason.INVALID_NAME, "field", "pool");
    }
    String wrong = wrong();
    return wrong == null ? new Outcome.Done<>(this) : Outcome.invalid(wrong);
  }

  private @Nullable String wrong() {
    if (!WORD.matcher(apiType).matches()) {
      return "api_type";
    }
    if (!VISIBLE.matcher(backendModel).matches()) {
      return "backend_model";
    }
    if (!WORD.matcher(tier).matches()) {
      return "tier";
    }
    if (description != null && description.length() > MAX_DESCRIPTION) {
      return "description";
    }
    if (maxInFlight < 1 || maxInFlight > MAX_IN_FLIGHT) {
      return "max_in_flight";
    }
    boolean wakes = wakeWithin == null || (wakeWithin.isPositive() && wakeWithin.compareTo(LONGEST_WAKE) <= 0);
    if (!wakes) {
      return "wake.max_wait_s";
    }
    return artifactDigest == null || DIGEST.matcher(artifactDigest).matches() ? null : "artifact_digest";
  }
}
