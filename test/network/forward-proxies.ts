// tinyproxy and squid as Debian ships them, on free ports of loopback with Basic authentication and a folder of their
// own. Both know the user below and nobody else.

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portOf } from '../support/loopback.ts';
import { root } from '../support/root.ts';

export interface ForwardProxy {
  /** For plain connections. */
  readonly port: number;
  /** For TLS to the proxy; squid's only. */
  readonly tlsPort: number;
  /** User name and password as they stand in a URL. */
  readonly credentials: string;
  stop(): Promise<void>;
}

export interface Kind {
  readonly name: 'tinyproxy' | 'squid';
  readonly args: (config: string) => readonly string[];
  readonly credentials: string;
  /** Files of its folder by name; the first is its configuration. */
  readonly files: (folder: string, ports: readonly number[]) => Readonly<Record<string, string>>;
}

/** Whether the program is on this machine. */
export function isInstalled({ name }: Kind): boolean {
  return spawnSync(name, ['-v']).error === undefined;
}

export const TINYPROXY: Kind = {
  name: 'tinyproxy',
  args: (config) => ['-d', '-c', config],
  credentials: 'user:secret',
  files: (_folder, [port]) => ({
    'tinyproxy.conf': `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 100\nAllow 127.0.0.1\nBasicAuth user secret\n`,
  }),
};

const tls = (name: string): string => join(root, 'fixtures', 'tls', name);

export const SQUID: Kind = {
  name: 'squid',
  args: (config) => ['-N', '-f', config],
  credentials: 'us%65r:pa%3Ass%40w%25rd',
  files: (folder, [port, tlsPort]) => ({
    'squid.conf': [
      `http_port 127.0.0.1:${port}`,
      `https_port 127.0.0.1:${tlsPort} tls-cert=${tls('corp-server.cert.pem')} tls-key=${tls('corp-server.key.pem')}`,
      `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${join(folder, 'passwords')}`,
      'auth_param basic realm a corporation',
      'acl known proxy_auth REQUIRED',
      'http_access allow known',
      'http_access deny all',
      `hosts_file ${join(folder, 'hosts')}`,
      `pid_filename ${join(folder, 'pid')}`,
      `cache_log ${join(folder, 'cache.log')}`,
      `coredump_dir ${folder}`,
      'access_log none',
      'cache deny all',
      'shutdown_lifetime 0 seconds',
      '',
    ].join('\n'),
    // pa:ss@w%rd
    passwords: 'user:$apr1$ournet$oiCYiM58Edd2AeHANItzA1\n',
    hosts: '127.0.0.1 llm.corp.test\n',
  }),
};

/** Resolves when it accepts connections. */
export async function start(kind: Kind): Promise<ForwardProxy> {
  const folder = mkdtempSync(join(tmpdir(), `${kind.name}-`));
  // Squid, started by root, becomes another user.
  chmodSync(folder, 0o777);
  const ports = await freePorts(2);
  const files = kind.files(folder, ports);
  for (const name in files) writeFileSync(join(folder, name), files[name] ?? '');
  const [config = ''] = Object.keys(files);
  const child = spawn(kind.name, kind.args(join(folder, config)), { stdio: 'ignore' });
  const [port = 0, tlsPort = 0] = ports;
  await accepting(child, port, `${kind.name} in ${folder}`);
  return {
    port,
    tlsPort,
    credentials: kind.credentials,
    async stop() {
      const gone = new Promise((resolve) => child.on('close', resolve));
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Free a moment ago, and each another: all are held before the first is let go. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ports = servers.map((server) => portOf(server.address()));
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}

/** Tries until the process accepts a connection; fails when it ends, or after 30 s. */
async function accepting(child: ChildProcess, port: number, what: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) break;
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} does not accept connections`);
}
