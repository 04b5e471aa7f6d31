#!/bin/sh
# Runs every fuzz target of the module for a while, one after another, and names
# those that found something. What they find stays in testdata/fuzz as a seed.
#
#     scripts/fuzz.sh [TIME]      10m unless told otherwise
set -u
cd "$(dirname "$0")/.."
time=${1:-10m}
failed=
for file in $(grep -rl --include='*_test.go' '^func Fuzz' . | sort); do
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(.*/\1/p' "$file"); do
		folder=$(dirname "$file")
		echo "$folder $target"
		go test "$folder" -run '^$' -fuzz "^$target\$" -fuzztime "$time" || failed="$failed $target"
	done
done
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
