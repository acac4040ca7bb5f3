package dev.holdfast.http.relay.publishing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.relay.publishers.LinkFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NodeFramesTest {
  @Test
  @DisplayName("a task with a request of 9 MiB comes over the link, and so does what is behind it")
  void large() throws InterruptedException {
    String text = "x".repeat(9 << 20);
    String frames = "event: task\ndata: {\"task_id\":\"t\",\"epoch\":1,\"kind\":\"infer\",\"provider\":\"p\","
        + "\"backend_model\":\"b\",\"path\":\"/embeddings\",\"request\":{\"input\":\"" + text + "\"},"
        + "\"streaming\":false,\"deadline_at\":null}\n\nevent: bye\ndata: {\"why\":\"replaced\"}\n\n";
    var body = new LinkBody();
    body.onNext(List.of(ByteBuffer.wrap(frames.getBytes(StandardCharsets.UTF_8))));
    body.onComplete();
    try (var link = new NodeFrames(body)) {
      var infer = assertInstanceOf(LinkFrame.Infer.class, link.next().orElseThrow());
      assertEquals(text, infer.request().members().get("input"));
      assertInstanceOf(LinkFrame.Bye.class, link.next().orElseThrow());
    }
  }
}
