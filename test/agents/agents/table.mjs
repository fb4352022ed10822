// The agents that are tried. A row: its package; how it is started, with which configuration; how it calls our tools when
// it speaks to its model; what it says of itself to us, as seen with the version that the lock file pins; and what it does
// when a call takes longer than it waits. Nothing here leaves this machine: what an agent does of its own accord (updates,
// telemetry, lists of models) is switched off in the way it offers.

import { claude } from './claude.mjs';
import { cline } from './cline.mjs';
import { codex } from './codex.mjs';
import { continued } from './continue.mjs';
import { copilot } from './copilot.mjs';
import { gemini } from './gemini.mjs';
import { opencode } from './opencode.mjs';
import { qwen } from './qwen.mjs';

/** The slowest first, so that none of them is what is waited for in the end. */
export const AGENTS = [opencode, cline, gemini, copilot, qwen, claude, codex, continued];
