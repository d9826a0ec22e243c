# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The distribution packages that Spanreel needs, and how to install those that are missing. Sourced by run.sh and
# test.sh. "a|b" is one need under the names of several releases; "?a" is wanted, and said where it cannot be had.

# Used by the program at run time, beside the libraries that come with the build packages.
SPANREEL_PACKAGES_RUNTIME=(
  graphviz           # dot lays out the service map
  qt6-qpa-plugins    # xcb and offscreen
  qt6-translations-l10n  # Qt's own words in the dialogs
  fonts-dejavu-core  # a font with tabular figures where the desktop brings none
)
SPANREEL_PACKAGES_BUILD=(
  g++ cmake ninja-build ccache lld pkg-config
  libabsl-dev libfmt-dev zlib1g-dev libzstd-dev libxxhash-dev libsimdjson-dev libprotozero-dev libexpected-dev libboost-dev
  libprotobuf-dev protobuf-compiler libgrpc++-dev protobuf-compiler-grpc
  qt6-base-dev 'qt6-charts-dev|libqt6charts6-dev' 'qt6-svg-dev|libqt6svg6-dev' 'libqt6opengl6-dev|qt6-base-dev'
  qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libgl-dev
)
SPANREEL_PACKAGES_TEST=(
  libgtest-dev 'googletest|libgtest-dev' librapidcheck-dev
  python3 python3-venv 'python3-pip|python3-venv' nodejs '?npm'
  xvfb openbox xdotool '?chromium|chromium-browser'
  dpkg-dev desktop-file-utils appstream shared-mime-info xdg-utils libglib2.0-bin file zstd gzip
)
# Only for ./test.sh fuzz.
SPANREEL_PACKAGES_FUZZ=(clang-19 libclang-rt-19-dev)
# Only for ./test.sh bench: the benchmarks, and what programs of floors beside them are built with.
SPANREEL_PACKAGES_BENCH=(libbenchmark-dev nlohmann-json3-dev)

spanreel_say() { printf '%s\n' "$*" >&2; }

# spanreel_missing NEED...: prints the needs of which no name is installed, one a line.
spanreel_missing() {
  local installed need name found
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | awk '$2 == "installed" { print $1 }')
  for need in "$@"; do
    found=
    for name in $(tr '|' ' ' <<<"${need#\?}"); do
      # npm also comes inside other packages of Node.js: a program on the path counts.
      if grep -qxF -- "$name" <<<"$installed" || { [[ $need == \?* ]] && command -v "$name" >/dev/null; }; then
        found=1
        break
      fi
    done
    [[ $found ]] || printf '%s\n' "$need"
  done
}

# spanreel_install NEED...: installs what is missing. Returns 0 also where nothing can be installed (it says so and the
# build will tell what it lacks); fails where the package manager failed on something that is required.
spanreel_install() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    spanreel_say "spanreel: this system has no apt-get. Please see to it that what these Debian packages hold is there:"
    spanreel_say "  ${*//\?/}"
    spanreel_say "spanreel: going on with what is installed."
    return 0
  fi
  local missing=()
  mapfile -t missing < <(spanreel_missing "$@")
  [[ ${#missing[@]} -eq 0 ]] && return 0

  local sudo=()
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
      spanreel_say "spanreel: not root and no sudo; please install: ${missing[*]//\?/}"
      spanreel_say "spanreel: going on with what is installed."
      return 0
    fi
    sudo=(sudo)
  fi
  spanreel_say "spanreel: will install with apt-get: ${missing[*]//\?/}"
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  spanreel_names "${missing[@]}"
  if [[ ${#SPANREEL_UNKNOWN[@]} -gt 0 ]]; then
    "${apt[@]}" update >&2 || spanreel_say "spanreel: the list of packages could not be refreshed; going on with the one that is there."
    spanreel_names "${missing[@]}"
  fi
  if [[ ${#SPANREEL_NAMES[@]} -gt 0 ]] && ! "${apt[@]}" install -y --no-install-recommends "${SPANREEL_NAMES[@]}" >&2; then
    # Stale lists name files that are gone: refresh once and try again.
    "${apt[@]}" update >&2 || true
    "${apt[@]}" install -y --no-install-recommends "${SPANREEL_NAMES[@]}" >&2 || {
      spanreel_say "spanreel: could not install: ${SPANREEL_NAMES[*]}"
      return 1
    }
  fi
  for need in "${SPANREEL_UNKNOWN[@]}"; do
    spanreel_say "spanreel: this release has no package ${need#\?}; going on without it."
  done
}

# Splits needs into SPANREEL_NAMES (names this system's lists can install) and SPANREEL_UNKNOWN.
spanreel_names() {
  local need name known candidates names=()
  SPANREEL_NAMES=() SPANREEL_UNKNOWN=()
  for need in "$@"; do
    mapfile -t -O "${#names[@]}" names < <(tr '|' '\n' <<<"${need#\?}")
  done
  # Asked once for all, and read to its end: a reader that stops early would make apt-cache fail.
  candidates=$(apt-cache policy "${names[@]}" 2>/dev/null |
    awk '/^[^ ].*:$/ { name = substr($0, 1, length($0) - 1) } /^  Candidate: [^(]/ { print name }')
  for need in "$@"; do
    known=
    for name in $(tr '|' ' ' <<<"${need#\?}"); do
      if grep -qxF -- "$name" <<<"$candidates"; then
        SPANREEL_NAMES+=("$name")
        known=1
        break
      fi
    done
    [[ $known ]] || SPANREEL_UNKNOWN+=("$need")
  done
}
