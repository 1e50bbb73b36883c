#!/bin/sh
# Times `make run` of a fresh clone with an empty package cache, until the first page of «Моя школа» answers.
#   tools/cold_start.sh [PYTHON]
# Prints one JSON line; everything else goes to standard error. Takes what is committed, not what is being edited.
set -eu

here="$(cd "$(dirname "$0")/.." && pwd)"
python="${1:-python3}"
place="$(mktemp -d)"
chmod 755 "$place"
running=""

finish() {
    if [ -n "$running" ] && [ -s "$place/clone/.myschool/lock" ]; then
        kill -INT "$(cat "$place/clone/.myschool/lock")" 2>/dev/null || true
    elif [ -n "$running" ]; then
        kill -TERM "$running" 2>/dev/null || true
    fi
    [ -z "$running" ] || wait "$running" 2>/dev/null || true
    rm -rf "$place"
}
trap finish EXIT
trap 'exit 1' INT TERM

# Six ports that nobody has now.
ports="$("$python" -c '
import socket
probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(6)]
print(*(probe.getsockname()[1] for probe in probes))')"
set -- $ports
export MYSCHOOL_PORTAL_PORT="$1" MYSCHOOL_GOSUSLUGI_PORT="$2" MYSCHOOL_MAILBOX_PORT="$3"
export MYSCHOOL_REGISTRY_PORT="$4" MYSCHOOL_PLATFORM_PORT="$5" MYSCHOOL_SMTP_PORT="$6"
unset VIRTUAL_ENV PYTHONPATH MYSCHOOL_HOME
export UV_CACHE_DIR="$place/cache/uv" PIP_CACHE_DIR="$place/cache/pip"

git clone --quiet "$here" "$place/clone"
cd "$place/clone"
now() { "$python" -c 'import time; print(time.monotonic())'; }

begun="$(now)"
make run PYTHON="$python" >"$place/output" 2>&1 &
running=$!
until "$python" - "$1" 2>/dev/null <<'PAGE'
import sys, urllib.request
urllib.request.urlopen(f"http://localhost:{sys.argv[1]}/", timeout=5).read()
PAGE
do
    kill -0 "$running" 2>/dev/null || { cat "$place/output" >&2; running=""; exit 1; }
    sleep 0.1
done
ended="$(now)"
"$python" - "$begun" "$ended" <<'LINE'
import json, os, sys
begun, ended = map(float, sys.argv[1:])
print(json.dumps({"scenario": "start.cold", "subject": "myschool", "ops": 1, "wall_s": round(ended - begun, 1),
                  "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}))
LINE
