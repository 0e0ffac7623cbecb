# Writes OUTPUT, a C++ file that holds FILES of FOLDER byte by byte, for embedded_files.hpp.
#
#   cmake -DFOLDER=… -DFILES=a;b/c -DOUTPUT=… -P embed.cmake
set(table "")
foreach(name IN LISTS FILES)
  file(READ ${FOLDER}/${name} bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "\\\\x\\1" text "${bytes}")
  string(APPEND table "    EmbeddedFile{\"/${name}\", std::string_view(\"${text}\", ${size})},\n")
endforeach()

file(WRITE ${OUTPUT} "#include \"server/site/embedded_files.hpp\"

#include <array>

namespace server::site {
namespace {

constexpr std::array files{
${table}};

}  // namespace

std::span<const EmbeddedFile> embedded_files() { return files; }

}  // namespace server::site
")
