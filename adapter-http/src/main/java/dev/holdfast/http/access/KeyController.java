package dev.holdfast.http.access;

import dev.holdfast.application.access.Keys;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.KeyRules;
import dev.holdfast.domain.access.NewKey;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.Wire;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keys: making, listing, showing and ending them. Who isn't an admin knows of no key but the own one (spec A-12). */
@Controller("/api/v1/keys")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class KeyController {
  private final Keys keys;

  KeyController(Keys keys) {
    this.keys = keys;
  }

  @Get
  HttpResponse<?> list(Call call) {
    var page = new Listing(call.query().text("after"), call.query().whole("limit"));
    return Answers.of(call.request(), keys.list(page, own(call)), found -> Wire.page(found, KeyJson::of));
  }

  @Get("/{key_id}")
  HttpResponse<?> show(Call call, @PathVariable("key_id") String id) {
    Outcome<Keys.Shown> found = keys.show(id, own(call));
    return found instanceof Outcome.Done<Keys.Shown>(Keys.Shown shown)
        ? Answers.ok(KeyJson.of(shown)).header("ETag", "\"" + shown.key().version() + "\"")
        : Answers.of(call.request(), found, KeyJson::of);
  }

  /** The text of a key can't be told twice, so nothing repeats this call. */
  @Post
  HttpResponse<?> create(Call call) {
    if (call.idempotencyKey() != null) {
      throw new RefusalException(Outcome.invalid("Idempotency-Key"));
    }
    NewKey asked = Bodies.read(call.body(), members -> KeyJson.read(members, call.caller().onBehalfOf()));
    return told(call, keys.create(call.audited(), asked, call.key()));
  }

  @Post("/{key_id}/revoke")
  HttpResponse<?> revoke(Call call, @PathVariable("key_id") String id) {
    KeyRules.Revision revision = revision(call, id, Bodies.note(call.body()));
    return Answers.of(call.request(), keys.revoke(call.audited(), revision), key -> KeyJson.of(keys.show(key)));
  }

  @Post("/{key_id}/rotate")
  HttpResponse<?> rotate(Call call, @PathVariable("key_id") String id) {
    byte[] body = call.body();
    Duration overlap = body.length == 0 ? Duration.ZERO : Bodies.read(body, KeyJson::overlap);
    return told(call, keys.rotate(call.audited(), revision(call, id, null), overlap));
  }

  @Delete("/{key_id}")
  HttpResponse<?> remove(Call call, @PathVariable("key_id") String id) {
    return switch (keys.remove(call.audited(), revision(call, id, null))) {
      case Outcome.Done<Key> _,Outcome.Replayed<Key> _ -> HttpResponse.noContent();
      case Outcome.Refused<Key> refused -> Answers.refused(call.request(), refused);
    };
  }

  private static KeyRules.Revision revision(Call call, String id, @Nullable String note) {
    String own = own(call);
    if (own != null && !own.equals(id)) {
      throw new RefusalException(Reason.KEY_NOT_FOUND);
    }
    return new KeyRules.Revision(id, call.key(), call.ifMatch(), note);
  }

  private static @Nullable String own(Call call) {
    return call.isAdmin() ? null : call.key().id();
  }

  private HttpResponse<?> told(Call call, Outcome<Keys.Made> made) {
    return Answers.of(call.request(), made, fresh -> KeyJson.of(keys.show(fresh.key()), fresh.presented().text()))
        .header("Cache-Control", "no-store");
  }
}
