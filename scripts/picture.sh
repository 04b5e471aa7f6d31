#!/bin/sh
# Draws the README's picture again, docs/violation.svg: the first anomaly of a real run
# in which a lock had two holders.
set -eu
cd "$(dirname "$0")/.."
store=$(mktemp -d)
trap 'rm -rf "$store"' EXIT
code=0
bin/jepsen-lite run --workload lock --ttl 300ms --nemesis pause,client-pause --nemesis-interval 500ms --seed 1 \
	--store "$store" --quiet >"$store/summary" || code=$?
if [ $code != 1 ]; then
	cat "$store/summary" >&2
	echo "no lock had two holders this time (exit $code): try again" >&2
	exit 1
fi
cp "$store/latest/witness-1.svg" docs/violation.svg
sed -n 1,3p "$store/summary"
