#!/bin/sh
# Debian 12's C library makes -fcf-protection=full come to nothing when a program is linked.
#
# libc6-dev 2.36-9+deb12u14 (amd64): Scrt1.o, crti.o and crtn.o carry neither IBT nor SHSTK. The linker marks
# a program only with what every object has. So one whose own objects are all built with
# -fcf-protection=full by gcc 12.2.0-14+deb12u1, whose own crtbeginS.o and crtendS.o are marked, is linked
# without the mark, and without a word. `-z cet-report=warning` names the three; `-z ibt -z shstk` marks the
# program all the same.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
unset LIBRARY_PATH C_INCLUDE_PATH CPATH
apt-get download -q gcc-12=12.2.0-14+deb12u1 cpp-12=12.2.0-14+deb12u1 libgcc-12-dev=12.2.0-14+deb12u1 \
  libgcc-s1=12.2.0-14+deb12u1 libc6-dev=2.36-9+deb12u14 libc6=2.36-9+deb12u14 \
  binutils-x86-64-linux-gnu=2.40-2 libbinutils=2.40-2 libctf0=2.40-2 libisl23=0.25-1.1 libmpc3=1.3.1-1 \
  libmpfr6=4.2.0-1 libgmp10=2:6.2.1+dfsg1-1.1 libjansson4=2.14-2 libzstd1=1.5.4+dfsg2-5+deb12u1 \
  >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done
for tool in as ld; do ln -s "x86_64-linux-gnu-$tool" "root/usr/bin/$tool"; done
export LD_LIBRARY_PATH="$here/root/usr/lib/x86_64-linux-gnu" PATH="$here/root/usr/bin:$PATH" LC_ALL=C

compile() { x86_64-linux-gnu-gcc-12 --sysroot="$here/root" -fcf-protection=full "$@"; }
marks() {
  found=$(x86_64-linux-gnu-readelf -n "$1" | sed -n 's/.*x86 feature: //p')
  echo "$(basename "$1"): ${found:-none}"
}
echo 'int main(void) { return 0; }' >main.c
compile -c main.c -o main.o
compile main.o -o plain
compile main.o -o reported -Wl,-z,cet-report=warning 2>report
compile main.o -o asked -Wl,-z,ibt,-z,shstk
{
  for file in main.o crtbeginS.o crtendS.o Scrt1.o crti.o crtn.o; do
    [ -e $file ] || ln -s "$(compile -print-file-name=$file)" $file
    marks $file
  done
  marks plain
  marks asked
  sed -n 's,.*/\([^/]*\): warning: ,\1: warning: ,p' report
} >out
cat out
diff - out <<'END'
main.o: IBT, SHSTK
crtbeginS.o: IBT, SHSTK
crtendS.o: IBT, SHSTK
Scrt1.o: none
crti.o: none
crtn.o: none
plain: none
asked: IBT, SHSTK
Scrt1.o: warning: missing IBT and SHSTK properties
crti.o: warning: missing IBT and SHSTK properties
crtn.o: warning: missing IBT and SHSTK properties
END
echo 'as found'
