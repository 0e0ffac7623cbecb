#!/bin/sh
# telegraf-i18n 6.6.0 (npm) with useSession, as its README shows it, speaks for ever the language that it spoke first.
#
# A session is there to keep what a user has chosen with ctx.i18n.locale('de'); for who has not chosen, one would expect
# the language of their Telegram, which comes with every message. But after each update the language that was spoken is
# put into the session, chosen or not, and goes before Telegram's from the second message on. Who then changes Telegram
# to German is answered in English; and who came before their language was there (the default is stored for them) never
# sees the translation that was made for them. Without useSession both do.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegraf-i18n@6.6.0 || exit 77

cat >language.cjs <<'END'
const I18n = require('telegraf-i18n');

async function run(useSession) {
  const i18n = new I18n({ useSession, defaultLanguage: 'en', defaultLanguageOnMissing: true });
  i18n.loadLocale('en', { hello: 'Hello' });
  i18n.loadLocale('de', { hello: 'Hallo' });
  const sessions = { ada: {}, blaise: {} };
  const greet = async (name, language_code) => {
    const ctx = { from: { language_code }, session: sessions[name] };
    await i18n.middleware()(ctx, async () => (ctx.said = ctx.i18n.t('hello')));
    console.log(`useSession ${useSession}: ${name}, whose Telegram is in ${language_code}, reads ${ctx.said}`);
  };
  await greet('ada', 'en');
  await greet('ada', 'de');
  await greet('blaise', 'fr');
  i18n.loadLocale('fr', { hello: 'Bonjour' });
  await greet('blaise', 'fr');
}
run(false).then(() => run(true));
END
node language.cjs >out
cat out
diff - out <<'END'
useSession false: ada, whose Telegram is in en, reads Hello
useSession false: ada, whose Telegram is in de, reads Hallo
useSession false: blaise, whose Telegram is in fr, reads Hello
useSession false: blaise, whose Telegram is in fr, reads Bonjour
useSession true: ada, whose Telegram is in en, reads Hello
useSession true: ada, whose Telegram is in de, reads Hello
useSession true: blaise, whose Telegram is in fr, reads Hello
useSession true: blaise, whose Telegram is in fr, reads Hello
END
echo 'as found'
