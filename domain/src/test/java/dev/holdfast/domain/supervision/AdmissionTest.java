package dev.holdfast.domain.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.supervision.Admission.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {

  @Test
  @DisplayName("both bounds are above 0, and no counter is below it")
  void malformed() {
    for (int[] wrong : new int[][] {{0, 1, 0, 0}, {1, 0, 0, 0}, {-1, 1, 0, 0}, {1, -1, 0, 0}, {1, 1, -1, 0},
      {1, 1, 0, -1}}) {
      IllegalArgumentException why = assertThrows(IllegalArgumentException.class,
          () -> new Admission(wrong[0], wrong[1], wrong[2], wrong[3]));
      assertEquals("malformed_admission_state", why.getMessage());
    }
    assertEquals(new Admission(2, 3, 0, 0), Admission.create(2, 3));
  }

  @ParameterizedTest(name = "{0} of 2 in flight, {1} of 3 queued: {2}")
  @DisplayName("what one more call may do follows from the counters, and is only told")
  @CsvSource({"0,0,OK", "1,0,OK", "1,3,OK", "1,9,OK", "2,0,AT_CAPACITY", "2,2,AT_CAPACITY", "2,3,QUEUE_FULL",
    "3,0,AT_CAPACITY", "9,9,QUEUE_FULL"})
  void evaluate(int inFlight, int queued, Verdict expected) {
    var state = new Admission(2, 3, inFlight, queued);
    assertEquals(expected, state.evaluate());
    assertEquals(new Admission(2, 3, inFlight, queued), state);
  }

  @Test
  @DisplayName("recording counts by one and checks no bound, and the two counters don't touch each other")
  void recorded() {
    Admission state = Admission.create(1, 1).begun().begun().enqueued().enqueued();
    assertEquals(new Admission(1, 1, 2, 2), state);
    assertEquals(new Admission(1, 1, 1, 2), state.completed());
    assertEquals(new Admission(1, 1, 2, 1), state.dequeued());
  }

  @Test
  @DisplayName("nothing is completed or leaves the queue that wasn't there")
  void below() {
    assertEquals("no_in_flight_to_complete", assertThrows(IllegalStateException.class,
        () -> Admission.create(1, 1).enqueued().completed()).getMessage());
    assertEquals("no_queued_to_dequeue", assertThrows(IllegalStateException.class,
        () -> Admission.create(1, 1).begun().dequeued()).getMessage());
  }

  @Test
  @DisplayName("with other bounds, who is in stays in")
  void bounded() {
    Admission state = Admission.create(2, 2).begun().begun().bounded(1, 4);
    assertEquals(new Admission(1, 4, 2, 0), state);
    assertEquals(Verdict.AT_CAPACITY, state.completed().evaluate());
    assertEquals(Verdict.OK, state.completed().completed().evaluate());
  }
}
