#!/bin/sh
# Makes sure that libfaketime is there, which sets the clocks of servers: the one
# named by JEPSEN_LITE_FAKETIME, one where distributions have it, or one from the
# system's packages.
set -eu

there() {
	for file in "${JEPSEN_LITE_FAKETIME:-/none}" /usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib/faketime/libfaketimeMT.so.1 \
		/usr/lib64/faketime/libfaketimeMT.so.1 /usr/local/lib/faketime/libfaketimeMT.so.1; do
		[ -e "$file" ] && return 0
	done
	return 1
}
there && exit 0

sudo=
[ "$(id -u)" = 0 ] || sudo="sudo -n"
install() { echo "no libfaketime here: installing it ($*)" >&2; "$@" >&2; }

if command -v apt-get >/dev/null 2>&1; then
	install $sudo apt-get update -q && install $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends libfaketime
elif command -v dnf >/dev/null 2>&1; then install $sudo dnf install -y libfaketime
elif command -v apk >/dev/null 2>&1; then install $sudo apk add libfaketime
elif command -v pacman >/dev/null 2>&1; then install $sudo pacman -S --noconfirm libfaketime
fi

there || {
	echo "no libfaketime found and none could be installed: install it, or set JEPSEN_LITE_FAKETIME=/path/to/libfaketimeMT.so.1" >&2
	exit 1
}
