#!/bin/sh
# telegram-inline-calendar 2.0.6 (npm): west of Greenwich the button for the next month stays in the month, and moves
# every date to another day of the week.
#
# A calendar under a bot's message has buttons for the next and the previous month. One would expect that they turn one
# page, wherever the bot's machine stands. What a button carries is "2026-03", and JavaScript takes a date without a time
# for midnight in Greenwich: in New York that is the evening of 28 February. One month later is 28 March, so March is
# shown again; and as the page takes the day it is given for the month's first, 1 March, a Sunday, stands where
# 28 March belongs. The other button goes back two months. In UTC, in Europe and in Asia all is well.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram-inline-calendar@2.0.6 dayjs@1.11.23 || exit 77

cat >turn.mjs <<'END'
import { Calendar } from 'telegram-inline-calendar';

const pages = [];
const calendar = new Calendar({ editMessageReplyMarkup: ({ inline_keyboard }) => pages.push(inline_keyboard) });
const press = ({ callback_data }) =>
  calendar.clickButtonCalendar({ data: callback_data, message: { message_id: 1, chat: { id: 1 } } });
const show = (rows) => {
  const [, week, firstDays] = rows;
  return `${rows[0][1].text}, whose 1st is a ${week[firstDays.findIndex(({ text }) => text === 1)].text}`;
};
const { inline_keyboard: march } = calendar.createNavigationKeyboard(new Date(2026, 2, 1));
press(march.at(-1)[2]);
press(march.at(-1)[0]);
console.log(`${process.env.TZ}: ${show(march)}; next: ${show(pages[0])}; previous: ${show(pages[1])}`);
END
for zone in UTC Europe/Berlin Asia/Tokyo America/New_York; do TZ=$zone node turn.mjs; done >out
cat out
diff - out <<'END'
UTC: Mar 2026, whose 1st is a Su; next: Apr 2026, whose 1st is a We; previous: Feb 2026, whose 1st is a Su
Europe/Berlin: Mar 2026, whose 1st is a Su; next: Apr 2026, whose 1st is a We; previous: Feb 2026, whose 1st is a Su
Asia/Tokyo: Mar 2026, whose 1st is a Su; next: Apr 2026, whose 1st is a We; previous: Feb 2026, whose 1st is a Su
America/New_York: Mar 2026, whose 1st is a Su; next: Mar 2026, whose 1st is a Sa; previous: Jan 2026, whose 1st is a We
END
echo 'as found'
