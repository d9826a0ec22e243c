#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Screenshots of the window with the sample, a live session and a broken file, at two sizes and in both themes.
# Usage: shots.sh BUILD-FOLDER OUT-FOLDER
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
build=$1 out=$2
mkdir -p "$out"
home=$(mktemp -d)
children=()
end() {
  for ((i = ${#children[@]} - 1; i >= 0; i--)); do kill "${children[i]}" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$home"
}
trap end EXIT

for size in 1280x800 1920x1080; do
  exec 3<>"$home/display" || exit 1
  Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp >/dev/null 2>&1 &
  children+=($!)
  for _ in $(seq 100); do [[ -s $home/display ]] && break; sleep 0.1; done
  display=:$(tr -d '\n' <"$home/display")
  DISPLAY=$display openbox >/dev/null 2>&1 &
  children+=($!)
  DISPLAY=$display QT_QPA_PLATFORM=xcb SPANREEL_HOME=$home/$size TMPDIR=$home "$build/tests/e2e/shots_driver" "$out" "$root"
  kill "${children[@]}" 2>/dev/null || true
  wait "${children[@]}" 2>/dev/null || true
  children=()
  exec 3>&-
  rm -f "$home/display"
done
echo "screenshots are in $out"
