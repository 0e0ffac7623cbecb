// Words as people and as schemes write them, brought to one form: "getFullChat" and "a group's
// members" become lists of stems, and each stem knows its neighbours in meaning.

const SMALL = new Set(
  `a an the of to in on at is are am was be do does did my me i you your it its this that these those
  what how where when which for by with and or from into as if can could should would want need please
  some someone somebody something all any has have had did done does let there let's im i'm not no
  user's`.split(/\s+/),
);

// One form for one word: plurals, -ing and -ed lose their ends. It need not be a word of English.
export function stem(word) {
  if (word.length < 4) return word;
  let out = word;
  if (/(ss|us|is)$/.test(out)) return out;
  if (/ies$/.test(out)) out = out.slice(0, -3) + 'y';
  else if (/(sh|ch|x|z|ss)es$/.test(out)) out = out.slice(0, -2);
  else if (/s$/.test(out)) out = out.slice(0, -1);
  if (/ing$/.test(out) && out.length > 5) out = out.slice(0, -3);
  else if (/ed$/.test(out) && out.length > 4 && !/eed$/.test(out)) out = out.slice(0, -2);
  if (/([bdgmnprt])\1$/.test(out)) out = out.slice(0, -1);
  return out.replace(/e$/, '').replace(/y$/, 'i');
}

// Groups of words that people use for one another; the first ones are Telegram's own.
const ALIKE = `
get list show read fetch see view load retrieve
chat group dialog conversation room
channel broadcast chat
supergroup megagroup group channel
photo picture image avatar pic
delete remove erase clear revoke undo unsend
edit change update modify set rename fix correct
create make new add generate
participant member people subscriber follower
block ban blacklist ignore
unblock unban
kick ban remove banned
history message
search find look lookup
username name nickname handle
title name
profile account me self
about bio description
authorization session signin device
dc datacenter center centre server
file document attachment
upload send
download get save
media photo video file sticker audio voice gif album location poll contact document
multi album several
invite link join
import join
leave quit exit
typing type write
notify mute notification silent unmute
folder archive filter
draft unsent
pin pinned
reaction react emoji like
vote poll
translate translation language
callback button press click
sticker pack set
forward share
phone number
user person friend contact
write send post publish
story stories
common shared
password 2fa twostep
state difference missed
online status seen
read seen mark
admin administrator owner moderator creator
promote demote admin
location geo map position
voice audio record
country countries region
hide show toggle
disable enable toggle turn off stop
kill end terminate close reset
last latest recent newest
old older earlier previous past history
count number total amount counter many
time date clock
spam abuse report
register signup
music song mp3 audio
movie clip video
pdf document
start begin launch open
cancel abort stop discard
topic forum thread
transfer give
money star balance price pay
statistics stats analytics
timer ttl
schedule scheduled later
reply answer thread comment
call ring
gift present
privacy private
error fail`;
const alike = new Map();
for (const line of ALIKE.trim().split('\n')) {
  const stems = line.split(' ').map(stem);
  for (const one of stems)
    for (const other of stems) {
      if (one === other) continue;
      if (!alike.has(one)) alike.set(one, new Set());
      alike.get(one).add(other);
    }
}
export const neighbours = (one) => alike.get(one) ?? [];

// "messages.getFullChat" → messages, get, full, chat. Sequences of capitals stay together, and what is
// one word in two, such as "log in", becomes one.
export const split = (name) =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\b(?:log|logged|sign|signed)[ -]?(in|out|up)\b/g, 'sign$1')
    .replace(/\bphone ?book\b/g, 'address book')
    .replace(/\bwho am i\b/g, 'whoami')
    .match(/[\p{L}\p{N}]+/gu) ?? [];

const known = new Map();
export const stems = (text) =>
  split(text).map((word) => {
    if (!known.has(word)) known.set(word, stem(word));
    return known.get(word);
  });

// What is asked for, without the words that every question has; with them where there is nothing else.
export function asked(query) {
  const words = split(query.replace(/@\w*/g, ' username '));
  const telling = words.filter((word) => !SMALL.has(word));
  return (telling.length ? telling : words).map(stem);
}
