package dev.holdfast.http.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.MapFolder;
import dev.holdfast.domain.integrity.recovery.Readiness;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.http.NodeUnderTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StoreRoutesTest {
  private static final String LAUNCH_STATE = Descriptors.LAUNCH_STATE.relativePath();

  private final NodeUnderTest node = NodeUnderTest.starting(Map.of());
  private final MapFolder stores = node.bean(MapFolder.class);

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  @DisplayName("what is kept is told, and a store without damage has no findings")
  void whole() {
    node.launch();
    var shown = node.get("/api/v1/store");
    assertEquals("filesystem", shown.text("backend"));
    assertEquals("store_manifest_valid", shown.text("readiness"));
    assertEquals(2L, shown.member("high_watermark"), "two batches of the launch");
    var found = node.get("/api/v1/store/doctor?deep=true");
    assertEquals(true, found.member("healthy"), found.body());
    assertEquals("sound in depth", found.text("rows"));
    assertEquals(400, node.get("/api/v1/store/doctor?deep=very").status());
  }

  @Test
  @DisplayName("I-84 a backup is answered with its sum, shown as the last one, and told in the feed")
  void backup() {
    node.launch();
    assertEquals(400, node.post("/api/v1/store/backup", "{\"label\":\" \"}").status());
    var made = node.post("/api/v1/store/backup", "{\"label\":\"before the upgrade\"}");
    assertEquals(200, made.status(), made.body());
    var last = node.get("/api/v1/store");
    assertTrue(last.body().contains("\"backup_id\":\"" + made.text("backup_id") + "\""), last.body());
    assertTrue(last.body().contains("\"label\":\"before the upgrade\""), last.body());
    assertTrue(node.get("/api/v1/events").body().contains("store.backup_done"));
  }

  @Test
  @DisplayName("I-A36 (a running node) damage is found with what would be done, and looking at it changes nothing")
  void found() {
    node.launch();
    stores.put(LAUNCH_STATE, "{bad".getBytes(StandardCharsets.UTF_8));
    var before = stores.files();
    var found = node.get("/api/v1/store/doctor");
    assertEquals("blocked", found.text("readiness_impact"));
    assertTrue(found.body().contains("\"advice\":\"holdfast store recover --apply   # quarantine only\""),
        found.body());
    assertEquals(200, node.post("/api/v1/store/recover", "{}").status());
    assertEquals(before.keySet(), stores.files().keySet());
  }

  @Test
  @DisplayName("a recovery names schemas that there are, and nothing else")
  void wrong() {
    node.launch();
    for (String body : new String[] {"{\"restamp\":[\"x\"]}", "{\"aply\":true}", "[]", "{\"drop_future\":\"all\"}"}) {
      assertEquals(400, node.post("/api/v1/store/recover", body).status(), body);
    }
  }

  @Test
  @DisplayName("A-42 what a blocked store can't take is refused with its reason, and what can be read is answered")
  void blocked() {
    node.launch();
    node.bean(NodeState.class).found(new Readiness(Reason.STORE_RECOVERY_REQUIRED, List.of()));
    var ready = node.get("/health/readiness");
    assertEquals(503, ready.status());
    assertEquals("store_recovery_required", ready.text("reason"));
    assertEquals(200, node.get("/api/v1/workers").status());
    assertEquals("store_recovery_required", node.get("/api/v1/store").text("readiness"));
    var refused = node.post("/api/v1/workers", "{}");
    assertEquals("store_recovery_required", refused.text("reason"));
    assertEquals(503, refused.status());
    var mended = node.post("/api/v1/store/recover", "{\"apply\":true}");
    assertTrue(mended.body().contains("\"findings\":[]"), mended.body());
    assertEquals(200, node.post("/api/v1/workers", "{}").status());
  }

  @Test
  @DisplayName("A-42 a store that is being rebuilt takes work, and isn't ready")
  void rebuilding() {
    node.launch();
    node.bean(NodeState.class).found(new Readiness(Reason.STORE_REBUILD_IN_PROGRESS, List.of()));
    assertEquals("store_rebuild_in_progress", node.get("/health/readiness").text("reason"));
    assertEquals(200, node.post("/api/v1/workers", "{}").status());
  }
}
