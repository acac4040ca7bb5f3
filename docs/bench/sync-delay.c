/* Makes every fsync and fdatasync take longer, to see what an ordinary disk would do: docs/benchmarks.md. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int delayed(const char *name, int fd) {
  const char *delay = getenv("HOLDFAST_SYNC_DELAY_US");
  if (delay != NULL) {
    usleep((useconds_t) strtoul(delay, NULL, 10));
  }
  return ((int (*)(int)) dlsym(RTLD_NEXT, name))(fd);
}

int fsync(int fd) { return delayed("fsync", fd); }
int fdatasync(int fd) { return delayed("fdatasync", fd); }
