package dev.holdfast.fs.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.integrity.DataDirectory;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryFactoryTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  /** Stands for a store, which works in the folder until it is closed. */
  static final class Tenant implements AutoCloseable {
    final DataDirectory directory;
    boolean closedInOpenDirectory;

    Tenant(DataDirectory directory) {
      this.directory = directory;
    }

    @Override
    public void close() {
      // The holder's entry is taken out of the lock file when the lock is given back. The size is asked for without
      // opening the file.
      closedInOpenDirectory = Path.of(directory.location()).resolve("holdfast.lock").toFile().length() > 0;
    }
  }

  @Factory
  @Requires(property = "test.data-directory")
  static class Wiring {
    @Singleton
    InstantSource clock() {
      return InstantSource.fixed(FileDataDirectoryTest.NOW);
    }

    @Singleton
    Ids ids() {
      return FileDataDirectoryTest.IDS;
    }

    @Singleton
    @Bean(preDestroy = "close")
    Tenant tenant(DataDirectory directory) {
      return new Tenant(directory);
    }
  }

  private ApplicationContext start(String store) {
    Map<String, Object> properties = Map.of("test.data-directory", true, "holdfast.store", store, "holdfast.data",
        temp.resolve("data").toString());
    return ApplicationContext.builder().deduceEnvironment(false).properties(properties).start();
  }

  @Test
  @DisplayName("a context opens the named folder, and gives its lock back after the beans that use it are closed")
  void closedLast() {
    Tenant tenant;
    try (ApplicationContext context = start("sqlite")) {
      tenant = context.getBean(Tenant.class);
      assertEquals(temp.resolve("data"), Path.of(tenant.directory.location()));
    }
    assertTrue(tenant.closedInOpenDirectory);
    FileDataDirectory.open(temp.resolve("data"), "sqlite", FileDataDirectoryTest.NOW, FileDataDirectoryTest.IDS)
        .close();
  }

  @Test
  @DisplayName("A-60 the memory backend has a temporary folder of its own, gone with the context")
  void memory() {
    Tenant tenant;
    try (ApplicationContext context = start("memory")) {
      tenant = context.getBean(Tenant.class);
    }
    assertTrue(tenant.closedInOpenDirectory);
    assertFalse(Files.exists(Path.of(tenant.directory.location())));
    assertFalse(Files.exists(temp.resolve("data")));
  }
}
