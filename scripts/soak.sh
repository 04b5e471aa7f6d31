#!/bin/sh
# Looks for false alarms: many short runs of every correct workload under
# aof-always, none of which may be invalid. Usage: scripts/soak.sh [RUNS [LIMIT]]
set -eu
cd "$(dirname "$0")/.."
runs=${1:-50} limit=${2:-10s}
workloads="register counter inventory lock lock-fenced queue set"
valid=0 unknown=0 operations=0 seed=1
while [ "$seed" -le "$runs" ]; do
	for workload in $workloads; do
		[ "$seed" -le "$runs" ] || break
		code=0
		result=$(bin/jepsen-lite run --workload "$workload" --persistence aof-always --time-limit "$limit" --seed "$seed" --quiet) || code=$?
		ok=$(printf '%s\n' "$result" | sed -n 's/^ *operations  \([0-9,]*\) ok.*/\1/p' | tr -d ,)
		echo "seed $seed: $(printf '%s\n' "$result" | head -n 1): $ok operations"
		case $code in
		0) valid=$((valid + 1)) ;;
		3) unknown=$((unknown + 1)) ;;
		*) printf '%s\n' "$result"; exit 1 ;;
		esac
		operations=$((operations + ${ok:-0}))
		seed=$((seed + 1))
	done
done
echo "$runs runs of $limit: $valid valid, $unknown unknown, 0 invalid; $operations operations"
