// Photos and files: read in pieces from the data centre that holds them, and sent in pieces.
import { fromBase64 } from '../client.js';
import { state, tg } from '../gateway.js';

const PIECE = 512 * 1024;
const cache = new Map(); // photo id and size -> Promise of an object URL

async function read(location, home, size) {
  const parts = [];
  const dc = home === state.session?.dc ? undefined : home;
  for (let offset = 0; ; offset += PIECE) {
    const file = await tg.call(
      'upload.getFile',
      { location, offset: String(offset), limit: PIECE },
      { dc, timeout: 60 },
    );
    if (file._cons !== 'upload.file') throw new Error('Telegram keeps this file elsewhere');
    const bytes = fromBase64(file.bytes);
    parts.push(bytes);
    if (bytes.length < PIECE || (size && offset + bytes.length >= size)) return parts;
  }
}

// The smallest size that is at least `wanted` wide, else the largest.
export function pick(photo, wanted = 480) {
  const sizes = (photo.sizes ?? [])
    .filter((size) => size.w && size._cons !== 'photoPathSize')
    .sort((a, b) => a.w - b.w);
  return sizes.find((size) => size.w >= wanted) ?? sizes.at(-1);
}

export function photoUrl(photo, size) {
  const key = `${photo.id}/${size.type}`;
  if (!cache.has(key)) {
    const location = {
      _cons: 'inputPhotoFileLocation',
      id: photo.id,
      access_hash: photo.access_hash,
      file_reference: photo.file_reference,
      thumb_size: size.type,
    };
    const url = read(location, photo.dc_id, size.size).then((parts) =>
      URL.createObjectURL(new Blob(parts, { type: 'image/jpeg' })),
    );
    url.catch(() => cache.delete(key));
    cache.set(key, url);
  }
  return cache.get(key);
}

export async function documentBlob(document) {
  const location = {
    _cons: 'inputDocumentFileLocation',
    id: document.id,
    access_hash: document.access_hash,
    file_reference: document.file_reference,
    thumb_size: '',
  };
  return new Blob(await read(location, document.dc_id, Number(document.size)), {
    type: 'application/octet-stream',
  });
}

export const fileName = (document) =>
  document.attributes?.find((one) => one._cons === 'documentAttributeFilename')?.file_name ??
  `file-${document.id}`;

export const bytesInWords = (count) =>
  count < 1024
    ? `${count} B`
    : count < 1048576
      ? `${(count / 1024).toFixed(0)} KB`
      : `${(count / 1048576).toFixed(1)} MB`;

// Sends a file's pieces, tells how far it is, gives the InputFile.
export async function uploadFile(file, progress, signal) {
  const big = file.size > 10 * 1024 * 1024;
  const id = crypto.getRandomValues(new BigInt64Array(1))[0];
  const count = Math.max(1, Math.ceil(file.size / PIECE));
  for (let part = 0; part < count; part++) {
    const bytes = new Uint8Array(await file.slice(part * PIECE, (part + 1) * PIECE).arrayBuffer());
    const piece = { file_id: id, file_part: part, bytes, ...(big && { file_total_parts: count }) };
    const method = big ? 'upload.saveBigFilePart' : 'upload.saveFilePart';
    await tg.call(method, piece, { timeout: 60, signal });
    progress((part + 1) / count);
  }
  const input = { id: String(id), parts: count, name: file.name };
  return big ? { _cons: 'inputFileBig', ...input } : { _cons: 'inputFile', ...input, md5_checksum: '' };
}

// What a document says of itself beside its bytes.
export const documentParts = (file) => ({
  mime_type: file.type || 'application/octet-stream',
  attributes: [{ _cons: 'documentAttributeFilename', file_name: file.name }],
});

// The media to send.
export async function upload(file, progress) {
  const input = await uploadFile(file, progress);
  if (/^image\/(jpeg|png|webp)$/.test(file.type) && input._cons === 'inputFile')
    return { _cons: 'inputMediaUploadedPhoto', file: input };
  return { _cons: 'inputMediaUploadedDocument', file: input, ...documentParts(file) };
}
