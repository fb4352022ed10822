// Base images made from this machine's own Node, for machines that reach no image registry. They hold what the
// Dockerfile asks of its bases and no more: Node with npm to build with; Node alone, at distroless's path, to run.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUILDAH } from '../../scripts/image.mjs';

const node = realpathSync(process.execPath);
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Makes both images and answers their names. */
export function makeStandIns() {
  const names = { BUILD_IMAGE: 'localhost/stand-in-build', RUNTIME_IMAGE: 'localhost/stand-in-runtime' };
  withFolder((folder) => {
    place(node, folder, '/usr/bin/node');
    placeLibraries(node, folder);
    // npm finds its interpreter through env, and runs scripts in a shell.
    for (const tool of ['/usr/bin/env', '/bin/sh']) {
      place(realpathSync(tool), folder, tool);
      placeLibraries(tool, folder);
    }
    const npm = realpathSync(join(dirname(process.execPath), 'npm'));
    const home = npm.slice(0, npm.indexOf('/npm/') + '/npm'.length);
    cpSync(home, join(folder, 'usr/lib/node_modules/npm'), { recursive: true });
    writeFileSync(join(folder, 'usr/bin/npm'), '#!/bin/sh\nexec node /usr/lib/node_modules/npm/bin/npm-cli.js "$@"\n', {
      mode: 0o755,
    });
    // Whoever stands between this machine and the npm registry is trusted inside as well.
    if (existsSync(CERTIFICATES)) place(CERTIFICATES, folder, CERTIFICATES);
    mkdirSync(join(folder, 'tmp'), { recursive: true });
    const trust = existsSync(CERTIFICATES) ? ['--env', `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`] : [];
    commit(folder, names.BUILD_IMAGE, ['--env', 'PATH=/usr/bin:/bin', ...trust]);
  });
  withFolder((folder) => {
    place(node, folder, '/nodejs/bin/node');
    placeLibraries(node, folder);
    // Where a container engine mounts what the kernel offers.
    for (const name of ['proc', 'dev', 'tmp']) mkdirSync(join(folder, name));
    commit(folder, names.RUNTIME_IMAGE, ['--user', '65532']);
  });
  return names;
}

function commit(folder, name, config) {
  const buildah = (...args) => execFileSync(BUILDAH[0], [...BUILDAH.slice(1), ...args], { encoding: 'utf8' }).trim();
  const container = buildah('from', 'scratch');
  try {
    buildah('copy', container, folder, '/');
    buildah('config', ...config, container);
    buildah('commit', container, name);
  } finally {
    buildah('rm', container);
  }
}

function withFolder(fill) {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
  try {
    fill(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function place(from, folder, to) {
  mkdirSync(dirname(join(folder, to)), { recursive: true });
  cpSync(from, join(folder, to), { dereference: true });
}

function placeLibraries(binary, folder) {
  const needed = execFileSync('ldd', [binary], { encoding: 'utf8' });
  for (const [path] of needed.matchAll(/\/\S+\.so\S*/g)) place(path, folder, path);
}
