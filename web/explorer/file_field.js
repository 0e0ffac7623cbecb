// Where an uploaded file is due: choose one or drop it; its parts go up, and the field is what names
// them. `set(inputFile, file)` once all of it is there.
import { fill, h } from '../ui/dom.js';
import { inWords } from '../ui/words.js';
import { bytesInWords, uploadFile } from '../chats/files.js';

export function fileField({ id, label, get, set, accept }) {
  let stop = null;
  const input = h('input', { type: 'file', id, accept, 'aria-label': `${label}: a file` });
  const state = h('div.upload-state', { role: 'status' });
  const zone = h('div.drop', input, h('p.note', 'or drop it here'), state);
  const now = get();
  if (now?.name) state.textContent = `${now.name}, ${now.parts === 1 ? '1 part' : `${now.parts} parts`}`;

  async function send(file) {
    stop?.abort();
    stop = new AbortController();
    const { signal } = stop;
    const bar = h('progress', { max: '1', 'aria-label': `Sending ${file.name}` });
    const words = h('span', `${file.name}, ${bytesInWords(file.size)}`);
    const cancel = h('button.small', { onclick: () => stop.abort(new Error('Stopped.')) }, 'Stop');
    fill(state, words, bar, cancel);
    bar.value = 0;
    try {
      const uploaded = await uploadFile(file, (share) => (bar.value = share), signal);
      if (signal.aborted) throw signal.reason;
      fill(state, `${file.name}, ${bytesInWords(file.size)}: uploaded`);
      set(uploaded, file);
    } catch (error) {
      if (stop.signal === signal) fill(state, h('span.problem', inWords(error)));
    }
  }

  input.addEventListener('change', () => input.files[0] && send(input.files[0]));
  const over = (is) => (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    zone.classList.toggle('over', is);
  };
  zone.addEventListener('dragover', over(true));
  zone.addEventListener('dragleave', over(false));
  zone.addEventListener('drop', (event) => {
    over(false)(event);
    if (event.dataTransfer?.files[0]) send(event.dataTransfer.files[0]);
  });
  return zone;
}
