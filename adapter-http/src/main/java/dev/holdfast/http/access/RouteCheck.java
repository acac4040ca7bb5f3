package dev.holdfast.http.access;

import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.micronaut.web.router.Router;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Refuses to start a node whose controllers and route table don't have the same routes. */
@Singleton
final class RouteCheck implements ApplicationEventListener<ServerStartupEvent> {
  private static final Set<String> MADE_BY_THE_SERVER = Set.of("HEAD", "OPTIONS");
  private final Router router;
  private final boolean bench;

  RouteCheck(Router router, @Value("${holdfast.bench:false}") boolean bench) {
    this.router = router;
    this.bench = bench;
  }

  @Override
  public void onApplicationEvent(ServerStartupEvent event) {
    requireServed(Routes.list(bench));
  }

  /** @throws IllegalStateException when these aren't the routes that controllers answer */
  void requireServed(List<Route> table) {
    Set<String> declared = table.stream().map(Route::name).collect(Collectors.toCollection(TreeSet::new));
    Set<String> served = served();
    if (!declared.equals(served)) {
      Set<String> undeclared = new TreeSet<>(served);
      undeclared.removeAll(declared);
      declared.removeAll(served);
      throw new IllegalStateException(
          "routes without an entry in the table: " + undeclared + "; entries without a route: " + declared);
    }
  }

  /** What controllers answer, in the form of {@link Route#name}. */
  Set<String> served() {
    return router.uriRoutes()
        .filter(route -> !MADE_BY_THE_SERVER.contains(route.getHttpMethodName()))
        .map(route -> route.getHttpMethodName() + " " + route.getUriMatchTemplate())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
