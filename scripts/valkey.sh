#!/bin/sh
# Unpacks a valkey-server that this system's packages may not have into DIR, and
# prints the path of a program that runs it:
#
#     bin/jepsen-lite run --redis-server "$(scripts/valkey.sh /tmp/valkey)"
#
#     scripts/valkey.sh DIR [redis8|valkey]      valkey unless told otherwise
set -eu
[ $# = 1 ] || [ $# = 2 ] || { sed -n '2,/^set/s/^#\{1,\} \{0,1\}//p' "$0" >&2; exit 2; }
kind=${2:-valkey}
mkdir -p "$1"
dir=$(cd "$1" && pwd)
root=$dir/$kind
[ -d "$root" ] || "$(dirname "$0")/server-root.sh" "$kind" "$root"
server=$(echo "$root"/usr/bin/*-server)
loader=$(echo "$root"/lib64/ld-linux*)
program=$dir/${server##*/}-$kind

# wrap NAME FILE: makes a program of the server, under that name.
# exec, and not a child: signals, the parent-death signal too, are for the server.
wrap() {
	cat >"$2.new" <<-END
		#!/bin/sh
		exec "$loader" --argv0 "$1" --library-path "$root/lib" "$server" "\$@"
	END
	chmod +x "$2.new"
	mv "$2.new" "$2"
}
wrap "$server" "$program"
wrap redis-check-aof "$program-check-aof" # what repairs logs is the server by another name
"$program" --version >/dev/null
echo "$program"
