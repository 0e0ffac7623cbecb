// The languages and libraries whose programs live the life in programs/: sign in, keep the session through serialize
// and parse, come back on a new connection, take a user's id and access_hash out of an answer and write to them.
// Versions are those of Debian 12.

// The notations that each is tried in.
export const notations = ['classic', 'auto', 'plain'];

// What a library does to the integers that go through it:
//   exact    those of 64 bits come back as they were, signed or not
//   signed   so do signed ones, and larger ones do not, or are an error
//   digits   some lose digits, without a word
//   refuses  it can't read integers of 64 bits
export const combinations = [
  // `cheap`: installed and run in `tests/run languages`, too.
  { name: 'Python 3.11, json', packages: ['python3'], numbers: 'exact', cheap: true, run: ['python3', 'life.py'] },
  { name: 'Perl 5.36, JSON::PP', packages: ['perl'], numbers: 'exact', cheap: true, run: ['perl', 'life.pl'] },
  { name: 'PHP 8.2, json_decode', packages: ['php-cli'], numbers: 'signed', cheap: true, run: ['php', 'life.php'] },
  { name: 'Lua 5.4, dkjson 2.6', packages: ['lua5.4', 'lua-socket', 'lua-dkjson'], numbers: 'signed', cheap: true,
    run: ['lua5.4', 'life_lua_dkjson.lua'] },
  { name: 'Lua 5.4, lua-cjson 2.1', packages: ['lua5.4', 'lua-socket', 'lua-cjson'], numbers: 'digits', cheap: true,
    run: ['lua5.4', 'life_lua_cjson.lua'] },
  { name: 'Ruby 3.1, json', packages: ['ruby'], numbers: 'exact', cheap: true, run: ['ruby', 'life.rb'] },
  { name: 'Tcl 8.6, tcllib json', packages: ['tcl', 'tcllib'], numbers: 'exact', cheap: true,
    run: ['tclsh', 'life.tcl'] },
  { name: 'bash, jq 1.6', packages: ['jq'], numbers: 'digits', cheap: true, run: ['bash', 'life_jq.sh'] },
  { name: 'JavaScript, Node 18', packages: ['nodejs'], numbers: 'digits', cheap: true, run: ['node', 'life.mjs'] },
  { name: 'C, jansson 2.14', packages: ['gcc', 'libc6-dev', 'libjansson-dev'], numbers: 'signed', cheap: true,
    build: (to) => ['cc', '-o', to, 'life_jansson.c', '-ljansson'] },
  { name: 'C, cJSON 1.7', packages: ['gcc', 'libc6-dev', 'libcjson-dev'], numbers: 'digits', cheap: true,
    build: (to) => ['cc', '-o', to, 'life_cjson.c', '-lcjson'] },
  { name: 'C, json-glib 1.6', packages: ['gcc', 'pkg-config', 'libjson-glib-dev'], numbers: 'signed',
    build: (to) => ['sh', '-c', `cc -o ${to} life_json_glib.c $(pkg-config --cflags --libs json-glib-1.0 gio-2.0)`] },
  { name: 'C++, nlohmann 3.11', packages: ['g++', 'nlohmann-json3-dev', 'libboost-dev'], numbers: 'exact',
    build: (to) => ['g++', '-std=c++20', '-o', to, 'life_nlohmann.cpp'] },
  { name: 'C++, Qt 5.15', packages: ['g++', 'pkg-config', 'qtbase5-dev'], numbers: 'digits',
    build: (to) => ['sh', '-c', `g++ -fPIC -o ${to} life_qt.cpp $(pkg-config --cflags --libs Qt5Network)`] },
  { name: 'Go 1.19, map[string]interface{}', packages: ['golang-go'], numbers: 'digits',
    build: (to) => ['go', 'build', '-o', to, 'life.go'] },
  { name: 'Java 17, Gson 2.10 (Map)', packages: ['default-jdk-headless', 'libgoogle-gson-java'], numbers: 'digits',
    run: ['java', '-cp', '/usr/share/java/gson.jar', 'Life.java'] },
  { name: 'Java 17, Gson 2.10 (LONG_OR_DOUBLE)', packages: ['default-jdk-headless', 'libgoogle-gson-java'],
    numbers: 'signed', run: ['java', '-cp', '/usr/share/java/gson.jar', 'LifeLongs.java'] },
  { name: 'GJS 1.74', packages: ['gjs'], numbers: 'digits', run: ['gjs', 'life_gjs.js'] },
  { name: 'R 4.2, jsonlite 1.8', packages: ['r-base-core', 'r-cran-jsonlite'], numbers: 'digits',
    run: ['Rscript', 'life.R'] },
  { name: 'Octave 7.3, jsondecode', packages: ['octave', 'netcat-openbsd'], numbers: 'digits',
    run: ['octave-cli', 'life.m'] },
  { name: 'Emacs 28, json-parse-string', packages: ['emacs-nox'], numbers: 'signed',
    run: ['emacs', '--batch', '-l', 'life_emacs_native.el'] },
  { name: 'Emacs 28, json.el', packages: ['emacs-nox'], numbers: 'exact',
    run: ['emacs', '--batch', '-l', 'life_emacs_el.el'] },
  { name: 'Guile 3.0, guile-json 4.7', packages: ['guile-3.0', 'guile-json'], numbers: 'exact',
    run: ['guile', 'life.scm'] },
  { name: 'Crystal 1.6, JSON', packages: ['crystal'], numbers: 'signed',
    build: (to) => ['crystal', 'build', '-o', to, 'life.cr'] },
  { name: 'OCaml 4.13, Yojson.Safe', packages: ['ocaml-nox', 'ocaml-findlib', 'libyojson-ocaml-dev'],
    numbers: 'exact',
    build: (to) => ['ocamlfind', 'ocamlopt', '-package', 'yojson,unix', '-linkpkg', '-o', to, 'life_yojson_safe.ml'] },
  { name: 'OCaml 4.13, Yojson.Basic', packages: ['ocaml-nox', 'ocaml-findlib', 'libyojson-ocaml-dev'],
    numbers: 'refuses',
    build: (to) => ['ocamlfind', 'ocamlopt', '-package', 'yojson,unix', '-linkpkg', '-o', to, 'life_yojson_basic.ml'] },
];

// What may become of a life; none: it can't be lived so, as server/API.md has it. In `classic` the digits of an
// access_hash may be lost, and then the reply says so.
export function due({ numbers }, notation) {
  if (notation === 'classic' && numbers === 'refuses') return null;
  return notation === 'classic' && numbers === 'digits' ? ['written', 'hint', 'refused'] : ['written'];
}
