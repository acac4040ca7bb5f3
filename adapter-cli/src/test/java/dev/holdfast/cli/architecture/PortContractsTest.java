package dev.holdfast.cli.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.holdfast.domain.fixture.Shelf;
import dev.holdfast.domain.fixture.ShelfContract;
import dev.holdfast.domain.fixture.Uncontracted;
import dev.holdfast.fs.fixture.FileShelf;
import dev.holdfast.fs.fixture.RunsShelfContract;
import dev.holdfast.sqlite.fixture.SqliteShelf;
import dev.holdfast.sqlite.fixture.SqliteUncontracted;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PortContractsTest {
  @Test
  @DisplayName("every implementation of a port runs the port's contract")
  void everyImplementationRunsTheContract() {
    var contracts = new PortContracts(list(Modules.code()), list(Modules.tests()));

    assertEquals(List.of(), contracts.gaps());
    assertFalse(contracts.implementations().isEmpty(), "no port was found at all");
  }

  @Test
  @DisplayName("an adapter that doesn't run the contract is found")
  void forgottenContractIsFound() {
    List<String> gaps = gaps(List.of(Shelf.class, Shelf.Books.class, FileShelf.class, SqliteShelf.class,
        SqliteShelf.Rows.class), List.of(ShelfContract.class, RunsShelfContract.class));

    assertEquals(List.of("sqlite: dev.holdfast.domain.fixture.Shelf implemented by [SqliteShelf], "
        + "and 0 test classes run ShelfContract"), gaps);
  }

  @Test
  @DisplayName("a port without a contract is found")
  void portWithoutContractIsFound() {
    List<String> gaps = gaps(List.of(Uncontracted.class, SqliteUncontracted.class), List.of(ShelfContract.class));

    assertEquals(List.of("dev.holdfast.domain.fixture.Uncontracted has no UncontractedContract, "
        + "and is implemented by [SqliteUncontracted]"), gaps);
  }

  @Test
  @DisplayName("two implementations in one module need two runs of the contract")
  void secondImplementationIsFound() {
    List<String> gaps = gaps(List.of(Shelf.class, Shelf.Books.class, FileShelf.class, FileShelf.Second.class),
        List.of(ShelfContract.class, RunsShelfContract.class));

    assertEquals(List.of("fs: dev.holdfast.domain.fixture.Shelf implemented by [FileShelf, Second], "
        + "and 1 test classes run ShelfContract"), gaps);
  }

  private static List<String> gaps(List<Class<?>> code, List<Class<?>> tests) {
    var importer = new ClassFileImporter();
    return new PortContracts(list(importer.importClasses(code)), list(importer.importClasses(tests))).gaps();
  }

  private static List<JavaClass> list(Collection<JavaClass> classes) {
    return List.copyOf(classes);
  }
}
