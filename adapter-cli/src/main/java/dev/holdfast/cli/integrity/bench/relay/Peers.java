package dev.holdfast.cli.integrity.bench.relay;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Other programs that stand before a model server: nginx as a reverse proxy, and Portkey's gateway.
 *
 * @param nginx the program, or null for the one on the PATH
 * @param portkey what begins its server, or the server's built file; null where it isn't there
 */
public record Peers(@Nullable String nginx, @Nullable String portkey) {
  private static final List<String> BESIDES_PATH = List.of("/usr/sbin", "/usr/local/sbin");

  /** Portkey's server would listen on every address of the machine. */
  private static final String ON_LOOPBACK = """
      const net = require('node:net');
      const listen = net.Server.prototype.listen;
      net.Server.prototype.listen = function (first, ...more) {
        return typeof first === 'number' ? listen.call(this, first, '127.0.0.1', ...more.filter(one => typeof one === 'function'))
          : listen.call(this, typeof first === 'object' ? { ...first, host: '127.0.0.1' } : first, ...more);
      };
      """;

  private static final String NGINX = """
      daemon off;
      worker_processes auto;
      pid nginx.pid;
      error_log stderr crit;
      events { worker_connections 4096; }
      http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        keepalive_requests 100000000;
        upstream model { server 127.0.0.1:MODEL_PORT; keepalive 512; keepalive_requests 100000000; }
        server {
          listen 127.0.0.1:OWN_PORT;
          location / {
            proxy_pass http://model;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
          }
        }
      }
      """;

  /** nginx before that model server, with as many workers as there are cores; nothing where it isn't there. */
  Optional<Target> nginx(Children children, Path folder, MockModel model) throws IOException, InterruptedException {
    String program = nginx != null ? nginx : onPath("nginx");
    if (program == null || !Files.isExecutable(Path.of(program))) {
      return Optional.empty();
    }
    int port = Children.freePort();
    Files.createDirectories(folder);
    Path configuration = Files.writeString(folder.resolve("nginx.conf"), NGINX
        .replace("MODEL_PORT", Integer.toString(model.address().getPort()))
        .replace("OWN_PORT", Integer.toString(port)));
    Children.Child child = children.begin(folder.resolve("nginx.log"), Map.of(),
        List.of(program, "-p", folder.toString(), "-c", configuration.toString()));
    return Optional.of(answering(child, "nginx", "through nginx", port, ""));
  }

  /** Portkey's gateway before that model server; nothing where none was named. */
  Optional<Target> portkey(Children children, Path folder, MockModel model) throws IOException, InterruptedException {
    if (portkey == null) {
      return Optional.empty();
    }
    int port = Children.freePort();
    Files.createDirectories(folder);
    Path loopback = Files.writeString(folder.resolve("loopback.cjs"), ON_LOOPBACK);
    String command = (Files.isRegularFile(Path.of(portkey)) ? "node '" + portkey + "'" : portkey) + " --port=" + port
        + " --headless";
    Children.Child child = children.begin(folder.resolve("portkey.log"),
        Map.of("NODE_OPTIONS", "--require=" + loopback, "NODE_ENV", "production"),
        List.of("sh", "-c", "exec " + command));
    return Optional.of(answering(child, "portkey", "through Portkey's gateway", port,
        "x-portkey-provider: openai\r\nx-portkey-custom-host: " + model.url() + "\r\nAuthorization: Bearer none\r\n"));
  }

  private static Target answering(Children.Child child, String name, String title, int port, String headers)
      throws InterruptedException {
    var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    child.await(name, () -> Children.answers(address));
    return new Target(name, title, address, headers, child::cpuNanos);
  }

  private static @Nullable String onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), BESIDES_PATH.stream())
        .map(folder -> Path.of(folder, program)).filter(Files::isExecutable).map(Path::toString).findFirst()
        .orElse(null);
  }
}
