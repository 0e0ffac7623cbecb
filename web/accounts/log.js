// An account's updates, by number: the newest, those that come while the page is open (a long poll),
// and older ones, page by page. A row opens as on the Wire.
import { fill, h } from '../ui/dom.js';
import { inWords } from '../ui/words.js';
import { opens, walk } from '../wire.js';
import { describe } from '../wire_log.js';
import * as api from './api.js';

const PAGE = 20;
const WAIT = 25; // seconds of a long poll

export function logOf(name, newest) {
  const list = h('ol.wire-list', { 'aria-label': 'Updates' });
  const about = h('p.note', { role: 'status' });
  const older = h('button.small', { hidden: true, onclick: () => before() }, 'Older');
  const stop = new AbortController();
  let first = newest + 1; // what is shown begins here
  let oldest = 0; // that is kept
  walk(list);

  const row = (update) => {
    const element = opens(
      update.error ? 'failed' : '',
      [
        h('span.number', `#${update.update_seq}`),
        h('span.what', update.error ?? describe(update.message)),
      ],
      () => update,
    );
    element.dataset.number = update.update_seq;
    return element;
  };
  const tell = (error) => {
    older.hidden = !oldest || first <= oldest;
    const count = list.childElementCount;
    about.classList.toggle('problem', Boolean(error));
    about.textContent = error
      ? inWords(error)
      : !count
        ? 'There are none yet. What comes is shown here.'
        : older.hidden
          ? `All ${count} that are kept, the newest first. New ones come by themselves.`
          : `The newest ${count} of those that are kept, from #${oldest} on. New ones come by themselves.`;
  };

  // Those below `first`, a page of them: the log is read upwards, so it begins that far below.
  async function before(count = PAGE) {
    older.disabled = true;
    try {
      const from = Math.max(oldest, first - count);
      if (oldest && from < first) {
        const { result } = await api.updates(name, { after: from - 1, limit: first - from }, stop.signal);
        list.append(...result.filter(({ update_seq }) => update_seq < first).reverse().map(row));
        first = from;
      }
      tell();
    } catch (error) {
      if (!stop.signal.aborted) tell(error);
    }
    older.disabled = false;
  }

  async function follow() {
    for (let after = newest; !stop.signal.aborted; ) {
      const reply = await api.updates(name, { after, limit: 100, timeout: WAIT }, stop.signal);
      list.prepend(...reply.result.map(row).reverse());
      if (reply.result.length) oldest ||= reply.result[0].update_seq;
      after = reply.after;
      if (reply.result.length) tell();
    }
  }

  return {
    element: h(
      'section.updates',
      { 'aria-label': 'Updates by number' },
      h('h2', 'Updates by number'),
      about,
      list,
      h('div.row', older),
    ),
    async enter() {
      try {
        if (newest) oldest = (await api.updates(name, { limit: 1 }, stop.signal)).result[0]?.update_seq ?? 0;
        await before();
        await follow();
      } catch (error) {
        if (!stop.signal.aborted) tell(error);
      }
    },
    // Shows that update, opened.
    async open(number) {
      if (number < first) await before(first - number);
      const item = list.querySelector(`[data-number="${number}"]`);
      if (!item) return tell(new Error(`Update #${number} is not kept any more.`));
      item.firstChild.open = true;
      item.querySelector('summary').focus();
    },
    leave: () => stop.abort(),
  };
}
