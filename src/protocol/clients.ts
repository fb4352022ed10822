// What clients are known to do with a call and its result, by the name they give themselves. A table of facts, each with
// where it was seen; a client that is not in it is taken to be the one most of them are built on. Nothing a client may do
// depends on it: only what it is spared.
// Sources: protocol/MCP.md section 7 ("Timeouts", "Names, counts, sizes", "Schemas", "Docker MCP Gateway") and
// protocol/CONFORMANCE.md ("What they do"), which name the reports.

export interface ClientTraits {
  /** How long it waits for the answer to a request. */
  readonly limitMs: number;
  /** It begins to wait anew with each progress notice, where it asked for them. */
  readonly extendsOnProgress: boolean;
  /** It starts a server on stdio for each call anew, so that none of its calls finds what an earlier one left. */
  readonly oneProcessPerCall: boolean;
  /** Most characters of a result that it shows; absent: as many as there are. */
  readonly resultChars?: number;
  /** It counts bytes of UTF-8 where others count characters. */
  readonly countsBytes?: boolean;
  /** How many of them an image counts for, whatever its size; absent: the characters of its base64. */
  readonly imageChars?: number;
  /** Of a result that has structured content it shows nothing else. */
  readonly showsOnlyStructured: boolean;
}

/** The TypeScript SDK, as it is: 60 s, and notices extend them only where a client asks it to. */
const USUAL: ClientTraits = {
  limitMs: 60_000,
  extendsOnProgress: false,
  oneProcessPerCall: false,
  showsOnlyStructured: false,
};

const CLIENTS: readonly { readonly name: RegExp; readonly traits: Partial<ClientTraits> }[] = [
  {
    // Tools that say so with `anthropic/maxResultSizeChars` may answer up to 500,000 characters (caiowilson/MCP-memento
    // #21); what escaping adds is left room for. Beside structured content it shows its model no text
    // (anthropics/claude-code #55677, #79944). How long it waits depends on how it is set up (#16837, #47076). Images it
    // shows as such (#70280), each for some 1,600 tokens (#31208); versions before counted their base64 (#9152).
    name: /^claude-code\b/,
    traits: { resultChars: 400_000, imageChars: 6400, showsOnlyStructured: true },
  },
  {
    // Claude Desktop, by the name in its log (0x4m4/hexstrike-ai #11): refuses a result of more than 1,048,576 characters,
    // the base64 of images with it (PrefectHQ/fastmcp #1036, CursorTouch/Windows-MCP #155); escaping has its room here too.
    name: /^claude-ai$/,
    traits: { resultChars: 800_000 },
  },
  // What the next rows show of a result was measured with the command lines of test/agents and answers of many lengths
  // (2026-11), less what a note on the rest takes.
  // What they make of images was not measured; but for Cline, whose measure takes in all, images are given as to anybody.
  // 12,000 bytes; of more, the middle is left out. It waits 300 s, notices or not.
  { name: /^codex-mcp-client\b/, traits: { resultChars: 11_000, countsBytes: true, imageChars: 0 } },
  // 8,000 characters of the whole result written as JSON; of more, the middle is left out.
  { name: /^@cline\/core$/, traits: { resultChars: 6000 } },
  // 40,000 characters; of more, the first 8,000 and the last 32,000, and the whole in a file.
  { name: /^gemini-cli-mcp-client\b/, traits: { resultChars: 38_000, imageChars: 0 } },
  // 28,000 characters; of more, 200 lines and a file.
  { name: /^qwen-cli-mcp-client\b/, traits: { resultChars: 26_000, imageChars: 0 } },
  // 20 KiB, in bytes; of more, 500 characters and a file. Begins to wait anew with each notice, which it asks for.
  { name: /^copilot-cli$/, traits: { extendsOnProgress: true, resultChars: 19_000, countsBytes: true, imageChars: 0 } },
  // Its default is one container for each call (docker/mcp-gateway, read in its source); long-lived is an option per server.
  { name: /^docker-mcp-gateway\b/, traits: { oneProcessPerCall: true } },
  // Sends a token only since it has a listener for notices, and has asked the SDK to begin anew with them all along
  // (anomalyco/opencode #24965, #28186). Shows 50 KiB, in bytes, or 2,000 lines, and says in which file the whole is;
  // measured as above.
  { name: /^opencode\b/, traits: { extendsOnProgress: true, resultChars: 48_000, countsBytes: true, imageChars: 0 } },
  // The Python SDK's own name for clients that give none; it begins anew with each notice.
  { name: /^mcp$/, traits: { extendsOnProgress: true } },
  // Our own commands, which wait as long as the call has.
  { name: /^anymodel-mcp$/, traits: { limitMs: Number.POSITIVE_INFINITY } },
];

const TRAITS = CLIENTS.map(({ name, traits }) => ({ name, traits: { ...USUAL, ...traits } }));

/** What a client of that name does, as far as anybody knows. */
export function traitsOf(name: string | undefined): ClientTraits {
  return name === undefined ? USUAL : (TRAITS.find((row) => row.name.test(name))?.traits ?? USUAL);
}
