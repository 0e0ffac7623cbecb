// What went wrong, in words for a person. Codes stay visible for who wants to look them up.
const WORDS = {
  PHONE_NUMBER_INVALID: 'Telegram does not know this phone number. Write it with its country code.',
  PHONE_NUMBER_BANNED: 'This phone number is banned from Telegram.',
  PHONE_NUMBER_FLOOD: 'Too many codes were asked for this number. Try again tomorrow.',
  PHONE_NUMBER_UNOCCUPIED: 'There is no account with this number yet.',
  PHONE_CODE_INVALID: 'That is not the code. Look again?',
  PHONE_CODE_EMPTY: 'Enter the code first.',
  PHONE_CODE_EXPIRED: 'This code has run out. Ask for a new one.',
  PHONE_PASSWORD_FLOOD: 'Too many tries. Wait a while before the next one.',
  PASSWORD_HASH_INVALID: 'That is not the password.',
  PASSWORD_EMPTY: 'Enter the password first.',
  PASSWORD_RECOVERY_NA: 'This account has no e-mail address to recover the password with.',
  PASSWORD_RECOVERY_EXPIRED: 'The recovery code has run out.',
  CODE_INVALID: 'That is not the code from the e-mail.',
  CODE_EMPTY: 'Enter the code first.',
  EMAIL_INVALID: 'That is no e-mail address that Telegram accepts.',
  EMAIL_NOT_ALLOWED: 'Telegram does not accept this e-mail address.',
  EMAIL_CODE_INVALID: 'That is not the code from the e-mail.',
  EMAIL_VERIFY_EXPIRED: 'The code from the e-mail has run out.',
  FIRSTNAME_INVALID: 'Telegram does not accept this first name.',
  LASTNAME_INVALID: 'Telegram does not accept this last name.',
  ACCESS_TOKEN_INVALID: 'There is no bot with this token.',
  ACCESS_TOKEN_EXPIRED: 'This bot token is no longer valid.',
  BOT_METHOD_INVALID: 'Telegram does not let bots do this.',
  TASK_ALREADY_EXISTS: 'The address goes later; until then codes go there.',
  RECAPTCHA_CHECK: 'Telegram wants a reCAPTCHA here, which only its own apps can show. Try the QR code.',
  API_ID_INVALID: 'api_id and api_hash do not belong together.',
  API_ID_PUBLISHED_FLOOD: 'This api_id was published somewhere; Telegram does not let it sign in.',
  AUTH_KEY_UNREGISTERED: 'Not signed in.',
  SESSION_REVOKED: 'This session was ended from another device.',
  SESSION_PASSWORD_NEEDED: 'The two-step password is wanted first.',
  USER_DEACTIVATED: 'This account was deleted.',
  AUTH_KEY_DUPLICATED: 'This key was used from two places at once, so Telegram has ended it.',
  METHOD_NOT_PLAYED: 'The sandbox does not play this method.',
  SEND_CODE_UNAVAILABLE: 'There is no other way to send the code.',
  MESSAGE_TOO_LONG: 'This message is too long.',
  MEDIA_CAPTION_TOO_LONG: 'What is said along with a file must be shorter.',
  MESSAGE_EMPTY: 'There is nothing in this message.',
  MESSAGE_NOT_MODIFIED: 'Nothing was changed.',
  CHAT_WRITE_FORBIDDEN: 'You cannot write in this chat.',
  CHAT_SEND_MEDIA_FORBIDDEN: 'You cannot send files in this chat.',
  CHAT_ADMIN_REQUIRED: 'Only admins of this chat can do this.',
  USER_IS_BLOCKED: 'This person has blocked you, or you them.',
  YOU_BLOCKED_USER: 'You have blocked this person.',
  PEER_FLOOD: 'Telegram has limited this account for now: it wrote to too many who do not know it.',
  PEER_ID_INVALID: 'Telegram does not know this chat, or not by this account.',
  IMAGE_PROCESS_FAILED: 'Telegram cannot read this picture.',
  AUTH_TOKEN_EXPIRED: 'This QR code has run out.',
};

export const fullName = ({ first_name, last_name }) => [first_name, last_name].filter(Boolean).join(' ');

const span = (seconds) =>
  seconds < 90
    ? `${seconds} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;

// An rpc_error object, an RpcError, or any other error.
export function inWords(error) {
  if (!error) return '';
  const message = error.error_message ?? error.message ?? String(error);
  const name = error._name ?? (error.error_message ? message.replace(/_\d+$/, '') : error.name);
  const value = error._value ?? error.value ?? /_(\d+)\b/.exec(message)?.[1];
  if (/^(FLOOD_WAIT|FLOOD_PREMIUM_WAIT|SLOWMODE_WAIT)/.test(name))
    return `Telegram asks to wait ${span(Number(value))} before the next try.`;
  if (WORDS[name]) return `${WORDS[name]} (${name})`;
  if (name === 'OutcomeUnknown') return 'The connection was lost, so it is not known whether this was done.';
  if (name === 'ConnectionError' && /\(-404\)/.test(error.reason))
    return 'Telegram does not know the key of this session: it opens nothing any more.';
  if (name === 'ConnectionError') return `Telegram cannot be reached: ${error.reason ?? message}`;
  if (name === 'TimeoutError') return `No answer in time. ${message}`;
  return /^[A-Z][A-Z_0-9]+$/.test(message) ? `Telegram says ${message}.` : message;
}
