// How long texts may be: what Telegram has always taken, until its configuration says otherwise.
import { state, subscribe, tg } from '../gateway.js';

export const limits = { message: 4096, caption: 1024 };

async function ask() {
  const config = await tg.call('help.getConfig').catch(() => null);
  if (config?.message_length_max > 0) limits.message = config.message_length_max;
  if (config?.caption_length_max > 0) limits.caption = config.caption_length_max;
}
if (state.user) ask();
subscribe((now, change) => 'user' in change && now.user && ask());
