# cmake -DPROGRAM=… -DFORM=… -DOUTPUT=… [-DHEAD=FILE] -P print_help.cmake: writes what `PROGRAM
# --help=FORM` prints, behind the text of HEAD; compressed where OUTPUT ends in .gz, with no time in it.
execute_process(COMMAND ${PROGRAM} --help=${FORM} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
if(HEAD)
  file(READ ${HEAD} head)
  string(PREPEND text "${head}")
endif()
string(REGEX REPLACE "\\.gz$" "" plain ${OUTPUT})
file(WRITE ${plain} "${text}")
if(NOT plain STREQUAL OUTPUT)
  execute_process(COMMAND gzip -9nf ${plain} COMMAND_ERROR_IS_FATAL ANY)
endif()
