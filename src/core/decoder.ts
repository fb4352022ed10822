// The one shape of every parser in this repository: bytes or values in, values out, no I/O, no clock.
// A decoder is fed chunks cut at any place and must give the same output however they were cut.

export interface Decoder<In, Out> {
  /** Takes the next chunk and returns what it completed. Throws a Fault on input that breaks a limit. */
  push(chunk: In): Out[];
  /** The input has ended: returns what was still held back. Throws a Fault if it ended too early. */
  end(): Out[];
}
