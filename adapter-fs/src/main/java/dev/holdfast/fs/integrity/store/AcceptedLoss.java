package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.fold.Image;
import dev.holdfast.fs.integrity.index.ImageFile;
import dev.holdfast.fs.integrity.index.ImageFile.Covered;
import dev.holdfast.fs.integrity.journal.JournalCut;
import dev.holdfast.fs.integrity.journal.JournalCut.Known;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Makes a store whose journal is damaged one that opens, for what an operator gives up (spec integrity §9). */
final class AcceptedLoss {
  private AcceptedLoss() {}

  /**
   * Cuts the journal behind its last good frame. The store isn't open. May be begun again whenever it died.
   *
   * @param known what the stores' files know of the journal
   * @return the names of what was kept in quarantine; empty when the journal needs no cut
   */
  static Optional<List<String>> cut(Place place, Known known) throws IOException {
    Known all = known.and(new Known(ImageFile.newestFrame(place.index()), 0));
    for (String name : ImageFile.names(place.index())) {
      Covered image = ImageFile.read(place.index(), name);
      if (image != null && image.directoryId().equals(place.settings().directoryId())) {
        Image state = image.image();
        all = all.and(new Known(image.frame(), state.lastEventId()));
      }
    }
    Optional<List<String>> kept = new JournalCut(place.journal(), place.settings()).cut(all,
        (file, bytes) -> place.quarantine().keep(file, Reason.JOURNAL_DAMAGED, bytes));
    // An image of what was given up would bring it back; only now, as until then it tells how far the journal had come.
    ImageFile.forget(place.index());
    return kept;
  }
}
