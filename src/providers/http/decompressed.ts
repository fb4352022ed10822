// Undoes `content-encoding`. We ask for `identity`, because unpacking costs more than a model's short
// answer saves; some proxies compress all the same (WIRE case 92). Unpacked piece by piece, so that a
// stream stays a stream, and pulled, so that a small answer cannot unpack into all of the memory.

import type { BrotliDecompress, Unzip } from 'node:zlib';
import { builtin } from '../../core/builtin.ts';
import { Fault } from '../../core/fault.ts';
import { bodyFault } from './way/network-fault.ts';

type Unpacker = Unzip | BrotliDecompress;

/** The body with its encoding undone. One that is not known is left as it is: some servers write a charset there. */
export function decompressed(
  body: AsyncIterableIterator<Uint8Array>,
  encoding: string | null,
  where: string,
): AsyncIterable<Uint8Array> {
  if (encoding === null) return body;
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return unpack(body, () => builtin('node:zlib').createUnzip(), where);
    case 'br':
      return unpack(body, () => builtin('node:zlib').createBrotliDecompress(), where);
    default:
      return body;
  }
}

async function* unpack(
  packed: AsyncIterableIterator<Uint8Array>,
  create: () => Unpacker,
  where: string,
): AsyncGenerator<Uint8Array> {
  let cut: Fault | undefined;
  try {
    const first = await packed.next();
    // No bytes at all are a valid empty body, but not a valid empty archive.
    if (first.done === true) return;
    const unpacker = create();
    void feed(unpacker, first, packed, (fault) => (cut = fault));
    for await (const chunk of unpacker) yield chunk;
  } catch (error) {
    // After a cut the unpacker complains as well, of an archive without an end.
    throw cut ?? (error instanceof Fault ? error : bodyFault(error, where));
  } finally {
    await packed.return?.();
  }
  if (cut !== undefined) throw cut;
}

/** Writes the body into the unpacker, one chunk at a time as they are used up, and notes what cut it short. */
async function feed(
  unpacker: Unpacker,
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
  note: (cut: Fault) => void,
): Promise<void> {
  try {
    for (let item = first; item.done !== true; item = await rest.next()) await write(unpacker, item.value);
  } catch (error) {
    note(Fault.from(error));
  }
  unpacker.end();
}

/** Settles when the chunk is used up, which waits for the reader. An error is the reader's to hear. */
function write(unpacker: Unpacker, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    unpacker.write(chunk, () => resolve());
  });
}
