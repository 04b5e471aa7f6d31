#!/bin/sh
# Makes sure that there is a pdflatex that compiles reports: one on PATH, or that of
# the system's smallest TeX package.
set -eu

command -v pdflatex >/dev/null 2>&1 && exit 0

sudo=
[ "$(id -u)" = 0 ] || sudo="sudo -n"
install() { echo "no pdflatex here: installing it ($*)" >&2; "$@" >&2; }

debian() {
	$sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends texlive-latex-base
}

if command -v apt-get >/dev/null 2>&1; then install debian
elif command -v dnf >/dev/null 2>&1; then install $sudo dnf install -y texlive-latex
elif command -v apk >/dev/null 2>&1; then install $sudo apk add texlive
elif command -v pacman >/dev/null 2>&1; then install $sudo pacman -S --noconfirm texlive-latex
fi

command -v pdflatex >/dev/null 2>&1 || {
	echo "no pdflatex found and none could be installed: install TeX Live's latex" >&2
	exit 1
}
