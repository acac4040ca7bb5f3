package dev.holdfast.fs.integrity;

import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Another process that opens a data directory and holds it until its input ends. It answers {@code open} and the epoch, or
 * the reason and the message of the refusal.
 */
final class OpeningProcess implements AutoCloseable {
  private final Process process;
  private final String answer;

  private OpeningProcess(Process process, String answer) {
    this.process = process;
    this.answer = answer;
  }

  static OpeningProcess start(Path folder) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process = new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
        OpeningProcess.class.getName(), folder.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new OpeningProcess(process, String.valueOf(process.inputReader(StandardCharsets.UTF_8).readLine()));
  }

  String answer() {
    return answer;
  }

  long pid() {
    return process.pid();
  }

  /** As kill -9 does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }

  /** @param args the folder */
  public static void main(String[] args) throws IOException {
    try (DataDirectory directory =
        FileDataDirectory.open(Path.of(args[0]), "sqlite", FileDataDirectoryTest.NOW, FileDataDirectoryTest.IDS)) {
      System.out.println("open " + directory.epoch());
      System.in.transferTo(System.out);
    } catch (StoreException refused) {
      System.out.println(refused.reason().code() + " " + refused.getMessage());
    }
  }
}
