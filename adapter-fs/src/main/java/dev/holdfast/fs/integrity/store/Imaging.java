package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.fold.Image;
import dev.holdfast.fs.integrity.index.ImageFile;
import dev.holdfast.fs.integrity.index.ImageFile.Covered;
import dev.holdfast.fs.integrity.index.RowIndex;
import dev.holdfast.fs.integrity.journal.Lost;
import dev.holdfast.fs.integrity.journal.Mark;
import java.io.IOException;
import java.util.List;

/**
 * An image on its way to the disk. It is begun and ended between two groups, and written beside them: what is in memory is only
 * copied where it stands.
 */
final class Imaging {
  private final Place place;
  private final Fold fold;
  private final Mark upTo;
  private final List<Lost> lost;
  private final List<Long> told;
  private final Image image;

  private Imaging(Place place, Fold fold) {
    this.place = place;
    this.fold = fold;
    this.upTo = fold.journal().mark();
    this.lost = fold.lost();
    this.told = fold.state().toldDamaged().stream().map(WorkerId::number).toList();
    this.image = fold.state().image();
  }

  /** Between two groups. */
  static Imaging begin(Place place, Fold fold) {
    fold.index().seal();
    return new Imaging(place, fold);
  }

  /** What was written, to be given to {@link #end}. */
  record Written(String name, RowIndex.Merge runs) {}

  /** Beside the groups. */
  Written write() throws IOException {
    RowIndex.Merge runs = fold.index().run(upTo.position());
    String name = ImageFile.write(place.index(), new Covered(place.settings().directoryId(), upTo.position(),
        upTo.frame(), upTo.epoch(), runs.names(), lost, told, image));
    place.index().sync();
    return new Written(name, runs);
  }

  /** Between two groups. */
  void end(Written written) throws IOException {
    fold.index().take(written.runs());
    fold.covered(upTo);
    ImageFile.sweep(place.index(), written.name(), written.runs().names());
  }

  /** Between two groups, when it couldn't be written: the next one tries again. */
  void forget() {
    fold.index().unseal();
  }

  /** Whether it is of that fold. */
  boolean isOf(Fold present) {
    return fold.equals(present);
  }
}
