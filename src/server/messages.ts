// The engine's messages, by the names its handlers know them under. This room sees them through the engine and
// not through wire/, which is below it by one room too many.

import type { ConnectionHandlers } from '../rpc/handlers.ts';

export type Request = Parameters<ConnectionHandlers['request']>[0];
export type Notification = Parameters<ConnectionHandlers['notification']>[0];
export type BatchMembers = Parameters<ConnectionHandlers['refuseBatch']>[0];
export type RequestId = Request['id'];
