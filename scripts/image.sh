#!/bin/sh
# Builds small images of servers from packages, for machines that reach no image
# registry: jepsen-lite/redis:local, jepsen-lite/redis8:local, jepsen-lite/valkey:local.
#
#     scripts/image.sh [redis|redis8|valkey] …      redis unless told otherwise
set -eu
cd "$(dirname "$0")/.."
command -v docker >/dev/null || { echo "image: no docker command: run scripts/ensure-docker.sh" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- redis
for kind; do
	scripts/server-root.sh "$kind" "$work/$kind"
	server=$(basename "$work/$kind"/usr/bin/*-server)
	tar -C "$work/$kind" --owner 0 --group 0 --numeric-owner -c . | docker import \
		--change "ENTRYPOINT [\"/usr/bin/$server\"]" --change 'WORKDIR /data' --change 'EXPOSE 6379' \
		--change 'ENV PATH=/usr/bin' - "jepsen-lite/$kind:local" >"$work/id"
	echo "jepsen-lite/$kind:local $(cat "$work/id")"
done
