# Sourced by the scripts at the root: what they need, and how it gets here. Everything it says goes to stderr.

say() { printf '%s\n' "$*" >&2; }

need_dotnet() {
  command -v dotnet >/dev/null 2>&1 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.' && return 0
  say "The .NET 10 SDK was not found. Install it (https://dotnet.microsoft.com/download), then run this again."
  return 1
}

# Installs a package of Debian where that needs no password; else says what to type. $1 = the package.
install() {
  local as=""
  if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then as="sudo -n"; else as="no"; fi
  fi
  if [ "$as" != no ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing $1 (apt-get install $1) ..."
    if { $as apt-get update -qq && $as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1"; } >&2; then return 0; fi
  fi
  say "$1 was not found. Type: sudo apt-get install $1"
  return 1
}

# $1 = "required" makes its absence an error.
need_ffmpeg() {
  if command -v ffmpeg >/dev/null 2>&1 && command -v ffprobe >/dev/null 2>&1; then return 0; fi
  install ffmpeg || [ "${1:-}" != required ]
}

# What .NET formats other cultures with; Debian's package has its version in its name.
need_icu() {
  if ldconfig -p 2>/dev/null | grep -q libicuuc; then return 0; fi
  install "$(apt-cache pkgnames libicu 2>/dev/null | grep -E '^libicu[0-9]+$' | sort -V | tail -1 | grep . || echo libicu72)"
}
