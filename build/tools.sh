# Sourced by the scripts at the root: what they need, and how it gets here. Everything it says goes to stderr.

say() { printf '%s\n' "$*" >&2; }

need_dotnet() {
  command -v dotnet >/dev/null 2>&1 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.' && return 0
  say "The .NET 10 SDK was not found. Install it (https://dotnet.microsoft.com/download), then run this again."
  return 1
}

# Installs ffmpeg where that needs no password; else says what to type. $1 = "required" makes its absence an error.
need_ffmpeg() {
  if command -v ffmpeg >/dev/null 2>&1 && command -v ffprobe >/dev/null 2>&1; then return 0; fi
  local as=""
  if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then as="sudo -n"; else as="no"; fi
  fi
  if [ "$as" != no ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing ffmpeg (apt-get install ffmpeg) ..."
    if { $as apt-get update -qq && $as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ffmpeg; } >&2; then return 0; fi
  fi
  say "ffmpeg was not found. Type: sudo apt-get install ffmpeg"
  [ "${1:-}" != required ]
}
