#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds Spanreel and starts it with the arguments given. Its own words go to standard error.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
build=$root/build/release
program=$build/app/spanreel
stamp=$build/.run-stamp

say() { printf '%s\n' "$*" >&2; }

# Nothing that goes into the program is newer than the last build's begin. Folders count: a removed file changes its own.
up_to_date() {
  [[ -x $program && -e $stamp ]] || return 1
  [[ -z $(cd "$root" && find run.sh CMakeLists.txt CMakePresets.json app model views ingest resources translations packaging \
    -name __pycache__ -prune -o -newer "$stamp" -print -quit) ]]
}

build_program() {
  mkdir -p "$build"
  # One builder at a time; the second finds everything done.
  exec 9>"$root/build/.run.lock"
  flock 9
  if ! up_to_date; then
    # shellcheck source=packaging/packages.sh
    source "$root/packaging/packages.sh"
    spanreel_install "${SPANREEL_PACKAGES_RUNTIME[@]}" "${SPANREEL_PACKAGES_BUILD[@]}"
    say "spanreel: building (the first time takes some minutes)"
    touch "$build/.run-begin"
    # A build folder that came along from another place cannot be used.
    if [[ -f $build/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt"; then
      rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles"
    fi
    (cd "$root" && cmake --preset release >&2 && cmake --build --preset release --target spanreel >&2) || {
      say "spanreel: the build failed; the lines above say why."
      exit 1
    }
    mv "$build/.run-begin" "$stamp"
  fi
  exec 9>&-
}

# 0 where the arguments open the studio, 1 where they are a subcommand, --help or --version.
wants_window() {
  [[ $# -eq 0 || -e $1 ]] && return 0
  case $1 in
    --version | --help | -h) return 1 ;;
    -*) return 0 ;;
    *) return 1 ;;  # a command, or something the program will explain
  esac
}

# The main job without a display: counts, a report and two pictures.
headless() {
  local files=() out
  while [[ $# -gt 0 ]]; do
    case $1 in
      --grpc-port | --http-port) shift ;;
      --) shift; files+=("$@"); break ;;
      -*) ;;
      *) files+=("$1") ;;
    esac
    shift || break
  done
  [[ ${#files[@]} -gt 0 ]] || files=("$root/resources/samples/shop.otlp.jsonl")
  out=${SPANREEL_OUT:-$root/build/headless}
  mkdir -p "$out"
  say "spanreel: no display (DISPLAY, WAYLAND_DISPLAY and QT_QPA_PLATFORM are not set): doing the main job without a window."
  export QT_QPA_PLATFORM=offscreen
  # Status 1 says that something was skipped: the pictures show the rest. 3 says that nothing could be read.
  local status=0
  "$program" stats "${files[@]}" || status=$?
  [[ $status -le 1 ]] || exit "$status"
  "$program" report "${files[@]}" --trace largest -o "$out/report.html" || [[ $? -eq 1 ]] || exit 1
  "$program" render "${files[@]}" --trace largest --view timeline -o "$out/timeline.png" || [[ $? -eq 1 ]] || exit 1
  "$program" render "${files[@]}" --trace largest --view map -o "$out/map.png" || [[ $? -eq 1 ]] || exit 1
  say "spanreel: wrote report.html, timeline.png and map.png to $out"
  exit 0
}

up_to_date || build_program
if wants_window "$@" && [[ -z ${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-} ]]; then
  headless "$@"
fi
exec "$program" "$@"
