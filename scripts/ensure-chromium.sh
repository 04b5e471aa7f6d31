#!/bin/sh
# Makes sure that a browser for the tests of reports is there: the one named by
# JEPSEN_LITE_CHROMIUM, one on PATH, or one from the system's packages.
set -eu

if [ -n "${JEPSEN_LITE_CHROMIUM:-}" ]; then
	command -v "$JEPSEN_LITE_CHROMIUM" >/dev/null 2>&1 && exit 0
	echo "JEPSEN_LITE_CHROMIUM=$JEPSEN_LITE_CHROMIUM cannot be executed" >&2
	exit 1
fi
there() {
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		command -v "$name" >/dev/null 2>&1 && return 0
	done
	return 1
}
there && exit 0

sudo=
[ "$(id -u)" = 0 ] || sudo="sudo -n"
install() { echo "no chromium here: installing it ($*)" >&2; "$@" >&2; }
debian() { $sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium; }

if command -v apt-get >/dev/null 2>&1; then install debian
elif command -v dnf >/dev/null 2>&1; then install $sudo dnf install -y chromium
elif command -v apk >/dev/null 2>&1; then install $sudo apk add chromium
elif command -v pacman >/dev/null 2>&1; then install $sudo pacman -S --noconfirm chromium
fi

there || {
	echo "no chromium found and none could be installed: install Chromium or Chrome, or set JEPSEN_LITE_CHROMIUM=/path/to/chromium" >&2
	exit 1
}
