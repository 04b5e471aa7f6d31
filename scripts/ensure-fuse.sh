#!/bin/sh
# Makes sure that disks with faults can be mounted: by root through the device
# alone, by others through fusermount3 from the system's packages.
set -eu

sudo=
[ "$(id -u)" = 0 ] || sudo="sudo -n"

if [ ! -e /dev/fuse ]; then
	$sudo modprobe fuse 2>/dev/null || true
	[ -e /dev/fuse ] || {
		echo "no /dev/fuse here: load the kernel's module fuse, or start the container with --device /dev/fuse --cap-add SYS_ADMIN" >&2
		exit 1
	}
fi
if [ "$(id -u)" = 0 ]; then
	# mount(2) takes CAP_SYS_ADMIN, number 21, which root in a container may lack.
	[ $((0x$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status) >> 21 & 1)) = 1 ] && exit 0
	echo "root may not mount here: start the container with --device /dev/fuse --cap-add SYS_ADMIN" >&2
	exit 1
fi
command -v fusermount3 >/dev/null 2>&1 || {
	install() { echo "no fusermount3 here: installing it ($*)" >&2; "$@" >&2; }
	debian() { $sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends fuse3; }

	if command -v apt-get >/dev/null 2>&1; then install debian
	elif command -v dnf >/dev/null 2>&1; then install $sudo dnf install -y fuse3
	elif command -v apk >/dev/null 2>&1; then install $sudo apk add fuse3
	elif command -v pacman >/dev/null 2>&1; then install $sudo pacman -S --noconfirm fuse3
	fi
	command -v fusermount3 >/dev/null 2>&1 || {
		echo "no fusermount3 found and none could be installed: install the package fuse3, or run as root" >&2
		exit 1
	}
}
[ -r /dev/fuse ] && [ -w /dev/fuse ] || {
	echo "/dev/fuse cannot be opened by $(id -un): become a member of its group ($(stat -c %G /dev/fuse)), or run as root" >&2
	exit 1
}
