package dev.holdfast.domain.relay.publishers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.relay.RelayRows;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about publishers. */
public abstract class PublisherReadsContract extends StoreSuite {

  @Test
  @DisplayName("a publisher comes back with every member, and a later one of its id takes its place")
  void comesBack() {
    Publisher known = RelayRows.publisher('a', START.plusNanos(1000));
    assertEquals(List.of(), read(state -> state.publishers("", 10)));
    put(new PublisherChange.Put(known));
    nowAndAfterReopen(() -> assertEquals(Optional.of(known), read(state -> state.publisher(known.id()))));

    var next = new Publisher(known.id(), "other", Publisher.hash("s"), null, START, START.plusSeconds(1), 3);
    put(new PublisherChange.Put(next));
    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(next), read(state -> state.publisher(known.id())));
      assertEquals(List.of(next), read(state -> state.publishers("", 10)));
    });
  }

  @Test
  @DisplayName("publishers are listed by id in pages, and a deleted one is gone")
  void listed() {
    Publisher a = RelayRows.publisher('a', START);
    Publisher b = RelayRows.publisher('b', START);
    Publisher c = RelayRows.publisher('c', START);
    put(new PublisherChange.Put(c), new PublisherChange.Put(a), new PublisherChange.Put(b));
    assertEquals(List.of(a, b, c), read(state -> state.publishers("", 10)));
    assertEquals(List.of(b), read(state -> state.publishers(a.id(), 1)));
    assertEquals(List.of(), read(state -> state.publishers(c.id(), 1)));

    put(new PublisherChange.Deleted(b.id()));
    nowAndAfterReopen(() -> {
      assertTrue(read(state -> state.publisher(b.id())).isEmpty());
      assertEquals(List.of(a, c), read(state -> state.publishers("", 10)));
    });
  }
}
