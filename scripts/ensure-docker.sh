#!/bin/sh
# Makes sure that a Docker engine answers, and prints how to reach it, for eval:
#
#     eval "$(scripts/ensure-docker.sh)"     an engine that answers already, or else
#                                            one of our own, installed if need be
#     scripts/ensure-docker.sh stop          ends the engine of our own
#
# Our own engine keeps its images in JEPSEN_LITE_DOCKER_DIR (by default
# /var/tmp/jepsen-lite-docker) and leaves the firewall alone: connections from this
# machine go through Docker's own proxy, and containers reach no other machine.
set -eu
dir=${JEPSEN_LITE_DOCKER_DIR:-/var/tmp/jepsen-lite-docker}
socket=unix://$dir/docker.sock pidfile=$dir/dockerd.pid
fail() { echo "ensure-docker: $*" >&2; exit 1; }
answers() { DOCKER_HOST=$1 timeout 10 docker version >/dev/null 2>&1; }
runs() { [ -e "$pidfile" ] && grep -qs dockerd "/proc/$(cat "$pidfile")/comm"; }
found() { echo "export DOCKER_HOST=$1"; exit 0; }

stop() {
	runs || { echo "no engine of ours runs" >&2; return 0; }
	pid=$(cat "$pidfile")
	kill "$pid"
	for _ in $(seq 300); do
		[ -e "/proc/$pid" ] || break
		sleep 0.1
	done
	[ ! -e "/proc/$pid" ] || fail "the engine, process $pid, does not end: see $dir/dockerd.log"
	# What it mounted for itself can stay behind, the youngest last.
	awk -v dir="$dir/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r point; do
		umount "$point" || true
	done
	[ ! -e "$dir/bridge" ] || ip link delete "$(cat "$dir/bridge")" 2>/dev/null || true
	rm -f "$dir/bridge"
	echo "stopped the engine; its images stay in $dir" >&2
}

install() {
	command -v dockerd >/dev/null && return 0
	command -v apt-get >/dev/null || fail "no Docker engine here: install one (https://docs.docker.com/engine/install/)"
	echo "no Docker engine here: installing Debian's" >&2
	policy=/usr/sbin/policy-rc.d # Debian starts what it installs; a policy of 101 forbids that
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod +x "$policy"
		trap 'rm -f "$policy"' EXIT
	fi
	apt-get update -q >&2
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends docker.io >&2
}

# start FLAGS starts our engine, and returns 1 if it does not come up so.
start() {
	setsid dockerd --host "$socket" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$pidfile" \
		--iptables=false --ip-masq=false --ip-forward=false "$@" >"$dir/dockerd.log" 2>&1 </dev/null &
	started=$!
	for _ in $(seq 300); do
		answers "$socket" && return 0
		[ -e "/proc/$started" ] || return 1
		sleep 0.1
	done
	kill "$started" 2>/dev/null || true
	return 1
}

# own_bridge makes a bridge with addresses that nobody has here, and prints its name.
own_bridge() {
	n=0
	while ip -o address | grep -q " 10\.213\.$n\."; do n=$((n + 1)); done
	bridge=jepsen-lite$n
	ip link add "$bridge" type bridge && ip address add "10.213.$n.1/24" dev "$bridge" && ip link set "$bridge" up &&
		echo "$bridge" >"$dir/bridge"
	echo "$bridge"
}

case ${1:-} in
stop) stop; exit 0 ;;
'') ;;
*) sed -n '2,/^set/s/^#\{1,\} \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
if command -v docker >/dev/null; then
	for host in ${DOCKER_HOST:-unix:///var/run/docker.sock} "$socket"; do
		answers "$host" && found "$host"
	done
fi
[ "$(id -u)" = 0 ] || fail "no Docker engine answers, and only root can start one: start Docker, or run this as root"
install
mkdir -p "$dir"
if ip link show docker0 >/dev/null 2>&1 && ! grep -qs docker0 "$dir/bridge"; then
	# Another engine's: both would give out the same addresses on it, and an engine
	# without a bridge would remove it.
	start --bridge="$(own_bridge)"
else
	echo docker0 >"$dir/bridge"
	start || start --bridge=none || start --bridge=none --storage-driver=vfs
fi || fail "the engine does not start: see $dir/dockerd.log"
found "$socket"
