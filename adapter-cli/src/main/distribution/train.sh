#!/bin/sh
# The last step of packaging: records the two AOT caches of a distribution, by running it.
# A cache holds for one build of the JVM and for these very jars. The JVM takes no class of a format before Java 6 into one, so
# the classes of picocli 4.7 (format 49), about 170 in a start, come from their jar in spite of it.
#
#   train.sh DISTRIBUTION train|skip STARTED
#
# client.aot comes from client commands, node.aot from a short serve. STARTED (YYYYMMDDhhmm.ss, UTC) is when the build
# began; the distribution is stamped with it, so that a source changed during the build counts as newer.
set -u

home=$1
mode=$2
started=$3
launcher=$home/bin/holdfast
stamp=$home/.stamp
work=
daemon=

fail() {
  echo "holdfast: training the AOT caches failed: $1" >&2
  for log in "$work"/*.log; do
    [ -s "$log" ] && echo "--- ${log##*/}" >&2 && tail -n 20 "$log" >&2
  done
  echo "holdfast: -Dholdfast.aot=skip builds without them" >&2
  exit 1
}

finish() {
  [ -n "$daemon" ] && kill -9 "$daemon" 2>/dev/null
  [ -n "$work" ] && rm -rf "$work"
}

stamped() {
  TZ=UTC touch -t "$started" "$stamp"
  exit 0
}

if [ "$mode" = skip ]; then
  rm -f "$home/lib/client.aot" "$home/lib/node.aot"
  stamped
fi

# What the caches depend on, the jars by the marks that the JVM compares.
inputs() {
  { stat -c '%n %s %Y' "$home"/lib/*.jar 2>/dev/null || stat -f '%N %z %m' "$home"/lib/*.jar; } || return 1
  cksum "$launcher" "$0"
}
trained=$home/lib/aot.inputs
if [ -f "$home/lib/client.aot" ] && [ -f "$home/lib/node.aot" ] && [ "$(inputs)" = "$(cat "$trained" 2>/dev/null)" ]; then
  stamped
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-train.XXXXXX") || exit 1
trap finish EXIT
trap 'exit 1' HUP INT TERM
rm -f "$home/lib/client.aot" "$home/lib/node.aot" "$trained"

HOLDFAST_AOT_RECORD=$work/node.aot "$launcher" serve --data "$work/data" --port 0 >"$work/serve.log" 2>&1 &
daemon=$!

url=
tries=0
while [ -z "$url" ]; do
  kill -0 "$daemon" 2>/dev/null || fail "serve ended before it was ready"
  [ $tries -lt 600 ] || fail "serve printed no address within a minute"
  tries=$((tries + 1))
  sleep 0.1
  url=$(sed -n 's|.*\(http://[0-9A-Za-z.:]*[0-9]\).*|\1|p' "$work/serve.log" | head -n 1)
done

client() {
  HOLDFAST_URL=$url "$launcher" --data "$work/data" "$@" >>"$work/client.log" 2>&1 || fail "holdfast $*"
}

# What a node does most, so that its cache holds it; then one client command for the other cache.
client version
client worker create --task "Train the cache"
client worker send worker-00000001 "Train the cache" --follow
HOLDFAST_AOT_RECORD=$work/client.aot client worker list

kill -TERM "$daemon"
wait "$daemon"
daemon=
for kind in node client; do
  [ -s "$work/$kind.aot" ] || fail "no cache came of the $kind's run"
done
mv "$work/node.aot" "$work/client.aot" "$home/lib/" || fail "the caches can't be put in place"
inputs >"$trained" || fail "the jars can't be listed"
stamped
