#!/bin/sh
# Makes a folder that holds one server, the libraries and the loader it needs, and
# nothing else: a container's root, or a server that runs beside the system's own.
#
#     scripts/server-root.sh redis DIR       the redis-server of this system
#     scripts/server-root.sh redis8 DIR      redis-server of a newer Debian (8.0)
#     scripts/server-root.sh valkey DIR      valkey-server of a newer Debian (8.1)
#
# DIR must not exist. The newer packages come through apt, with lists, state and
# cache in a temporary folder: the system's own are not touched. Their signatures
# are checked with the keyring of the package debian-archive-keyring.
# JEPSEN_LITE_DEBIAN_MIRROR and JEPSEN_LITE_DEBIAN_SUITE name another source.
set -eu

usage() { sed -n '2,/^set/s/^#\{1,\} \{0,1\}//p' "$0" >&2; exit 2; }
fail() { echo "server-root: $*" >&2; exit 1; }
[ $# = 2 ] || usage
kind=$1 dir=$2
[ ! -e "$dir" ] || fail "$dir exists: name a folder that does not"

mirror=${JEPSEN_LITE_DEBIAN_MIRROR:-http://deb.debian.org/debian}
suite=${JEPSEN_LITE_DEBIAN_SUITE:-trixie}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# newer PACKAGE unpacks a package and all it depends on into $work/root.
newer() {
	command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
		fail "this is no Debian: use an image from a registry instead"
	[ -e "$keyring" ] || fail "$keyring is missing: apt-get install debian-archive-keyring"
	mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/root"
	: >"$work/status"
	echo "deb [signed-by=$keyring] $mirror $suite main" >"$work/sources.list"
	set -- "$1" -q -q -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o "Dir::State=$work/state" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache" \
		-o "APT::Sandbox::User=$(id -un)" -o Debug::NoLocking=1 -o Acquire::Languages=none
	package=$1
	shift
	apt-get "$@" update >&2
	apt-get "$@" install --download-only --yes --no-install-recommends "$package" >&2
	for deb in "$work"/cache/archives/*.deb; do dpkg-deb -x "$deb" "$work/root"; done
}

# libraries SERVER prints the files that the loader maps for it, the loader too.
libraries() {
	if [ -d "$work/root" ]; then
		loader=$(find "$work/root" -name 'ld-linux*.so.*' -type f | head -n 1)
		search=$(find "$work/root" -name 'lib*.so*' -exec dirname {} \; | sort -u | tr '\n' ':')
		"$loader" --library-path "$search" --list "$1"
		find "$work/root" -name 'libgcc_s.so.*' # glibc loads it by name, to print a crash's stack
		echo "$loader"
	else
		ldd "$1"
		ldconfig -p 2>/dev/null | sed -n 's/.*libgcc_s\.so\.1 .*=> //p'
	fi | sed -n 's/.*=> //; s/ (0x.*//; s/^[[:space:]]*//; /^\//p' | sort -u
}

case $kind in
redis)
	server=$(command -v redis-server) || fail "no redis-server on PATH: run scripts/ensure-redis.sh"
	name=redis-server
	;;
redis8) newer redis-server; server=$work/root/usr/bin/redis-server name=redis-server ;;
valkey) newer valkey-server; server=$work/root/usr/bin/valkey-server name=valkey-server ;;
*) usage ;;
esac

mkdir -p "$work/out/usr/bin" "$work/out/lib" "$work/out/lib64" "$work/out/etc" "$work/out/data" "$work/out/tmp"
chmod 1777 "$work/out/tmp"
chmod 777 "$work/out/data"
echo 'root:x:0:0:root:/:/nonexistent' >"$work/out/etc/passwd"
cp -L "$server" "$work/out/usr/bin/$name"
ln -s "$name" "$work/out/usr/bin/${name%-server}-check-aof" # its other name: it repairs logs then
libraries "$server" >"$work/libraries"
while read -r file; do
	case ${file##*/} in
	ld-linux*) # the path of the loader is part of the program; it is in either place
		cp -L "$file" "$work/out/lib64/"
		cp -L "$file" "$work/out/lib/"
		;;
	*) cp -L "$file" "$work/out/lib/" ;;
	esac
done <"$work/libraries"
mkdir -p "$(dirname "$dir")"
chmod 755 "$work/out"
mv "$work/out" "$dir"
