#!/bin/sh
# TDLib (npm @prebuilt-tdlib/linux-x64-glibc 0.1008065.0, TDLib 1.8.65) knows a made-up country, but not that of
# Telegram's test numbers.
#
# Accounts of Telegram's test environment have numbers 99966 X YYYY. One would expect that Telegram's own library
# knows them as it knows other codes that are no country's: the 888 of anonymous numbers, and a hidden "Y-land" (YL)
# of the code 42. Here a test number has no country and no code, and is not grouped; it is shown as it was
# typed. Nor is +999 anybody's. `getPhoneNumberInfoSync` shows it without a connection.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @prebuilt-tdlib/linux-x64-glibc@0.1008065.0 || exit 77

cat >numbers.py <<'END'
import ctypes
import json

library = ctypes.CDLL('node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so')
library.td_execute.restype = ctypes.c_char_p


def execute(**request):
    return json.loads(library.td_execute(json.dumps(request).encode()))


execute(**{'@type': 'setLogVerbosityLevel', 'new_verbosity_level': 0})
for number in '9996620001', '999', '424', '888':
    info = execute(**{'@type': 'getPhoneNumberInfoSync', 'language_code': 'en', 'phone_number_prefix': number})
    country = info.get('country', {})
    print(number, '|', country.get('name', 'no country'), '|', info['country_calling_code'] or 'no code', '|',
          info['formatted_phone_number'], '|', 'hidden' if country.get('is_hidden') else 'shown')
END
python3 numbers.py >out
cat out
diff - out <<'END'
9996620001 | no country | no code | 9996620001 | shown
999 | no country | no code | 999 | shown
424 | Y-land | 42 | 4 | hidden
888 | Anonymous Numbers | 888 | ---- ---- | hidden
END
echo 'as found'
