#!/bin/sh
# Cuts runs off by SIGKILL at random moments, starts jepsen-lite once more, and
# looks for what is left then: servers, containers, mounts, ports. Prints a table,
# and exits with 1 if anything is left.
#
#     scripts/leftovers.sh [RUNS [SEED]]      20 runs and seed 1 unless told otherwise
#
# Docker takes part where an engine answers and has the image (JEPSEN_LITE_DOCKER_IMAGE,
# by default jepsen-lite/redis:local), disks with faults where FUSE works. Linux only.
set -eu
cd "$(dirname "$0")/.."
runs=${1:-20} seed=${2:-1}
image=${JEPSEN_LITE_DOCKER_IMAGE:-jepsen-lite/redis:local}
tool=$PWD/bin/jepsen-lite
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# random LOW HIGH prints a number between them: the same one for a seed and a run.
random() { awk -v seed="$((seed * 1000 + run))" -v low="$1" -v high="$2" 'BEGIN { srand(seed); rand(); printf "%.2f", low + rand() * (high - low) }'; }

# servers, containers, mounts and ports count those of the run in $store that was
# process $pid. A server renames its process, so it is known by its working folder,
# which Linux tells even of a dead mount.
servers() {
	for process in /proc/[0-9]*; do
		case $(readlink "$process/cwd" 2>/dev/null) in
		"$store"/* | /jepsen-lite/jepsen-lite-"$pid"-*) cat "$process/comm" 2>/dev/null || true ;;
		esac
	done | grep -c -- -server || true
}
containers() { if [ "$docker" = yes ]; then docker ps --all --quiet --filter "name=jepsen-lite-$pid-" | wc -l; else echo 0; fi; }
mounts() { grep -c " $store/" /proc/self/mountinfo || true; }
ports() {
	sed -n 's/^\(cluster-\)\{0,1\}port \([0-9]*\)$/\2/p; s/^.*announce-\(bus-\)\{0,1\}port \([0-9]*\)$/\2/p' "$work/conf" |
		sort -u | while read -r port; do
		grep -q "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$port") 0*:0000 0A " /proc/net/tcp && echo "$port"
	done | wc -l
}
# configurations collects those of the servers, where their ports stand.
configurations() { find "$store" -name '*.conf' -exec cat {} + >"$work/conf" 2>/dev/null || true; }
left() { echo "$(servers) $(containers) $(mounts) $(ports)"; }

docker=no
if command -v docker >/dev/null && docker image inspect "$image" >/dev/null 2>&1; then docker=yes; fi
"$tool" doctor --json --redis-server "" >"$work/doctor.json" 2>/dev/null || true
disks=no
if tr -d ' \n' <"$work/doctor.json" | grep -q '"name":"disks","works":true'; then disks=yes; fi
echo "docker: $docker, disks with faults: $disks, seed $seed"

# What is cut off: backend, topology, plan.
cat >"$work/kinds" <<'END'
process standalone kill,pause
docker standalone kill,pause
process standalone powerloss,slow-fsync
process replicated kill,pause
docker replicated kill,pause
process cluster powerloss
docker cluster kill,pause
process replicated powerloss,pause
process cluster kill,pause
docker sharded pause,rollback
docker standalone powerloss,slow-fsync
docker replicated powerloss,aof-corrupt
END
[ "$docker" = yes ] || sed -i '/^docker/d' "$work/kinds"
[ "$disks" = yes ] || sed -i '/powerloss/d' "$work/kinds"
kinds=$(wc -l <"$work/kinds")

bad=0 run=0
row() { printf '%3s %-8s %-11s %-21s %6s  %-10s %-10s %s\n' "$@"; }
echo "Each column of four: servers, containers, mounts, ports."
row run backend topology plan killed 'just then' 'right after' 'at the next start'
while [ "$run" -lt "$runs" ]; do
	line=$(sed -n "$((run % kinds + 1))p" "$work/kinds")
	run=$((run + 1))
	# shellcheck disable=SC2086 # three words
	set -- $line
	store=$work/$run
	only= high=4
	[ "$1" = process ] || { only="--image $image"; high=7; }
	# shellcheck disable=SC2086 # two words or none
	"$tool" run --target "$1" $only --topology "$2" --nemesis "$3" --nemesis-interval 400ms --persistence aof-everysec \
		--seed "$((seed * 1000 + run))" --time-limit 1h --store "$store" --quiet >"$work/output" 2>&1 &
	pid=$!
	after=$(random 0.1 "$high")
	sleep "$after"
	configurations
	running=$(left)
	if ! kill -KILL "$pid" 2>/dev/null; then
		echo "run $run ended by itself:"
		cat "$work/output"
		bad=$((bad + 1))
		continue
	fi
	wait "$pid" 2>/dev/null || true
	configurations
	before=$(left)
	if [ $((run % 5)) = 0 ]; then
		"$tool" doctor --clean >"$work/output" 2>&1 || cat "$work/output"
	else
		"$tool" run --target sim --nemesis none --time-limit 1s --store "$work/next" --quiet >"$work/output" 2>&1 || true
	fi
	now=$(left)
	row "$run" "$1" "$2" "$3" "${after}s" "$running" "$before" "$now"
	[ "$now" = "0 0 0 0" ] || bad=$((bad + 1))
	rm -rf "$store" "$work/next"
done
[ "$bad" = 0 ] || { echo "$bad of $runs runs left something behind"; exit 1; }
echo "$runs runs, and nothing is left of them"
