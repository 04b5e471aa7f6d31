#!/bin/sh
# Makes sure that a redis-server is there: the one named by
# JEPSEN_LITE_REDIS_SERVER, one on PATH, or one from the system's packages.
set -eu

if [ -n "${JEPSEN_LITE_REDIS_SERVER:-}" ]; then
	[ -x "$JEPSEN_LITE_REDIS_SERVER" ] && exit 0
	echo "JEPSEN_LITE_REDIS_SERVER=$JEPSEN_LITE_REDIS_SERVER cannot be executed" >&2
	exit 1
fi
command -v redis-server >/dev/null 2>&1 && exit 0
command -v valkey-server >/dev/null 2>&1 && exit 0

sudo=
[ "$(id -u)" = 0 ] || sudo="sudo -n"
install() { echo "no redis-server here: installing it ($*)" >&2; "$@" >&2; }

# Debian starts the server it installs; a policy of 101 forbids that.
debian() {
	policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
		$sudo chmod +x "$policy"
		trap '$sudo rm -f "$policy"' EXIT
	fi
	$sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends redis-server
}

if command -v apt-get >/dev/null 2>&1; then install debian
elif command -v dnf >/dev/null 2>&1; then install $sudo dnf install -y redis || install $sudo dnf install -y valkey
elif command -v apk >/dev/null 2>&1; then install $sudo apk add redis
elif command -v pacman >/dev/null 2>&1; then install $sudo pacman -S --noconfirm valkey
elif command -v brew >/dev/null 2>&1; then install brew install redis
fi

command -v redis-server >/dev/null 2>&1 || command -v valkey-server >/dev/null 2>&1 || {
	echo "no redis-server found and none could be installed: install Redis 7 or Valkey, or set JEPSEN_LITE_REDIS_SERVER=/path/to/redis-server" >&2
	exit 1
}
