// An answer on its way to a stream that cannot take anything back. Text is written as it comes; when the upstream
// breaks off and the answer starts again, what has been shown already is not shown twice, and where the second
// answer differs from the first the stream says so. Pure: text in, text to write out.

const BROKE_OFF = '\n\n[it broke off; once more]\n\n';

export class AnswerText {
  /** All that stands on the stream for the present answer. */
  #shown = '';
  /** After a restart: how much of what is shown has come again so far. Absent while new text is new. */
  #again: number | undefined;

  /** More of the answer; gives what to write now. */
  add(text: string): string {
    if (this.#again === undefined) {
      this.#shown += text;
      return text;
    }
    const known = this.#shown.slice(this.#again, this.#again + text.length);
    if (!text.startsWith(known)) return this.#replace(this.#shown.slice(0, this.#again) + text);
    this.#again += known.length;
    if (known.length === text.length) return '';
    this.#again = undefined;
    return this.add(text.slice(known.length));
  }

  /** The upstream starts again: what was gathered is dropped. */
  restart(): void {
    this.#again = 0;
  }

  /** The answer as it was delivered, which is what counts; gives what is missing on the stream. */
  finish(answer: string): string {
    if (!answer.startsWith(this.#shown)) return this.#replace(answer);
    const rest = answer.slice(this.#shown.length);
    this.#shown = answer;
    return rest;
  }

  #replace(answer: string): string {
    this.#shown = answer;
    this.#again = undefined;
    return BROKE_OFF + answer;
  }
}
