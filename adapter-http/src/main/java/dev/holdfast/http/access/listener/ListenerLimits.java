package dev.holdfast.http.access.listener;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * The bounds of spec.
 *
 * @param head within which a request's head has to be there, counted from its first byte or from the connection's accept
 * @param patience with a sender of a body that falls behind the rate
 * @param bodyRate in bytes per second, at least 1
 * @param connections of all callers
 * @param connectionsPerAddress of one IPv4 address or one IPv6 network
 */
@Singleton
record ListenerLimits(
    @Value("${holdfast.listener.head-within:10s}") Duration head,
    @Value("${holdfast.listener.body-patience:10s}") Duration patience,
    @Value("${holdfast.listener.body-rate:1024}") long bodyRate,
    @Value("${holdfast.listener.connections:20000}") int connections,
    @Value("${holdfast.listener.connections-per-address:256}") int connectionsPerAddress) {
  private static final Duration LINES_PATIENCE = Duration.ofSeconds(60);

  ListenerLimits {
    if (!head.isPositive() || !patience.isPositive() || bodyRate < 1 || connections < 1 || connectionsPerAddress < 1) {
      throw new IllegalArgumentException("the limits of holdfast.listener must be positive");
    }
  }

  Pace headPace() {
    return Pace.deadline(head.toNanos());
  }

  /** Of a body that comes into being while it is sent, a sign of life is enough: its sender waits for a model. */
  Pace linesPace() {
    return Pace.rate(LINES_PATIENCE.toNanos(), 1);
  }

  Pace bodyPace() {
    return Pace.rate(patience.toNanos(), bodyRate);
  }
}
