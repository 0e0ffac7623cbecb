// The attacks by their names: twelve from a client's side, and what a data centre can do besides.
import { bigAnswers, gzipBombs, hostileCentre } from './attacks/answers.mjs';
import { postBodies, slowReaders } from './attacks/http.mjs';
import { halfRequests, longNames, unfinishedLines } from './attacks/lines.mjs';
import { heldReplies, ignoredFields, inFlight } from './attacks/requests.mjs';
import { tls } from './attacks/tls.mjs';
import { unfinishedDeflate, webSocketFragments } from './attacks/websocket.mjs';

export const attacks = {
  'unfinished-lines': unfinishedLines,
  'unfinished-deflate': unfinishedDeflate,
  'in-flight': inFlight,
  'held-replies': heldReplies,
  'ignored-fields': ignoredFields,
  'long-names': longNames,
  'slow-readers': slowReaders,
  'half-requests': halfRequests,
  'web-socket-fragments': webSocketFragments,
  'post-bodies': postBodies,
  tls,
  'big-answers': bigAnswers,
  'hostile-centre': hostileCentre,
  'gzip-bombs': gzipBombs,
};
