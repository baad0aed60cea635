#!/usr/bin/env bash
# Runs the smoke suite against the emulator with two clients that know nothing of it: Google's
# Python client (passed over if Python is not there) and the crate google-people1.
#
# SMOKE_VENV: where the Python client is, or is to be installed (default: in the target folder).
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../../.." && pwd)"
target="${CARGO_TARGET_DIR:-$root/target}"
case "$target" in /*) ;; *) target="$PWD/$target" ;; esac
export CARGO_TARGET_DIR="$target"
venv="${SMOKE_VENV:-$target/smoke-venv}"
work="$(mktemp -d)"
server=""

finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

cd "$root"
cargo build --quiet -p people-emulator --example serve
"$target/debug/examples/serve" --port 0 --token python --token rust >"$work/url" &
server=$!
for _ in $(seq 100); do
  [ -s "$work/url" ] && break
  kill -0 "$server" 2>/dev/null || { echo "the emulator did not start"; exit 1; }
  sleep 0.1
done
url="$(head -n 1 "$work/url")"
[ -n "$url" ] || { echo "the emulator said no URL"; exit 1; }
echo "emulator at $url"

# Succeeds if there is a Python that has the client.
have_python() {
  [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import googleapiclient, google.auth' 2>/dev/null
}

install_python() {
  command -v python3 >/dev/null || { echo "python3 is not installed"; return 1; }
  python3 -m venv "$venv" >"$work/venv" 2>&1 || { echo "python3 has no venv or pip"; return 1; }
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    google-api-python-client==2.202.0 google-auth >"$work/pip" 2>&1 ||
    { echo "pip could not install google-api-python-client"; tail -n 3 "$work/pip"; return 1; }
}

echo "google-api-python-client:"
if have_python || install_python; then
  "$venv/bin/python" "$here/smoke.py" "$url" python
else
  echo "  passed over"
fi

echo "google-people1:"
CARGO_TARGET_DIR="$target/smoke-google-people1" cargo run --quiet --locked \
  --manifest-path "$here/google-people1/Cargo.toml" -- "$url" rust
echo "the smoke suite passed"
