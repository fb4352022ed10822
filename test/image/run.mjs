// `make image-test`: builds the Dockerfile and holds a conversation with the container's process, which is not
// root, may write nowhere, has no network and no capability. Where no image registry can be reached the same
// Dockerfile is built on stand-in bases; where no container engine runs, bubblewrap gives the same confinement.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { BUILDAH, buildImage, findBuilder, labels } from '../../scripts/image.mjs';
import { makeStandIns } from './stand-in.mjs';
import { confirmHealthy, talk } from './talk.mjs';

const TAG = 'localhost/anymodel-mcp-test';
const RUNTIME = 'gcr.io/distroless/nodejs24-debian12:nonroot';

/** What the container is given; it reaches nothing but the model inside its own process. */
const SETTINGS = { PROVIDER_TYPE: 'mock' };
/** The HTTP service listens beyond loopback, so it wants a key. */
const SERVICE = { ...SETTINGS, MCP_TRANSPORT: 'http', MCP_API_KEY: 'of-the-image-test-and-no-other' };
const HEALTH = ['/nodejs/bin/node', '/app/anymodel-mcp.cjs', 'health'];

const engine = findBuilder(['docker', 'podman']);
if (engine === undefined) await testWithBuildah();
else await testWithEngine(engine);

async function testWithEngine({ name, build }) {
  buildImage({ name, build }, [TAG], labels());
  const { Config } = JSON.parse(execFileSync(name, ['inspect', TAG], { encoding: 'utf8' }))[0];
  checkConfig(Config);
  const confined = ['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--network', 'none'];
  const given = (settings) => Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  await talk([name, 'run', '--rm', '-i', '--init', ...confined, ...given(SETTINGS), TAG]);
  const run = [name, 'run', '--rm', '-i', '--init', '--name', 'anymodel-mcp-image-test'];
  await confirmHealthy([...run, ...confined, ...given(SERVICE), TAG], {
    probe: [name, 'exec', 'anymodel-mcp-image-test', ...HEALTH],
    end: () => execFileSync(name, ['stop', 'anymodel-mcp-image-test'], { stdio: 'ignore' }),
  });
  console.log(`2 passed, 0 failed`);
}

async function testWithBuildah() {
  const builder = findBuilder(['buildah']);
  if (builder === undefined || spawnSync('bwrap', ['--version']).status !== 0) {
    console.error('The image test takes docker, podman, or buildah with bubblewrap (Debian: buildah, bubblewrap).');
    process.exit(1);
  }
  const buildah = (...args) => execFileSync(BUILDAH[0], [...BUILDAH.slice(1), ...args], { encoding: 'utf8' }).trim();
  const pulled = spawnSync(BUILDAH[0], [...BUILDAH.slice(1), 'pull', RUNTIME], { stdio: 'ignore', timeout: 60_000 });
  const bases = pulled.status === 0 ? {} : makeStandIns();
  console.log(pulled.status === 0 ? 'Built on the real bases.' : 'No image registry is reached: built on stand-ins.');
  buildImage(builder, [TAG], { ...labels(), ...bases });
  const { OCIv1, Docker } = JSON.parse(buildah('inspect', '--type', 'image', TAG));
  const { config } = OCIv1;
  checkConfig({ ...config, Healthcheck: Docker.config.Healthcheck });
  const container = buildah('from', TAG);
  try {
    const rootfs = buildah('mount', container);
    checkFiles(rootfs);
    await talk(confine(rootfs, config));
    await talk(confine(rootfs, config), terminate);
    const port = await freePort();
    // The service has the network of this machine, or nobody could ask it.
    const service = confine(rootfs, config, { ...SERVICE, HOST: '127.0.0.1', PORT: String(port) }, ['--share-net']);
    await confirmHealthy(service, {
      probe: [...service.slice(0, -config.Entrypoint.length), ...HEALTH],
      url: `http://127.0.0.1:${port}`,
      end: terminate,
    });
  } finally {
    buildah('rm', container);
  }
  console.log('3 passed, 0 failed');
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The command that runs the image's entry point as its config says, confined as `docker run` would. */
function confine(rootfs, config, settings = SETTINGS, more = []) {
  const [uid, gid] = config.User.split(':');
  const env = { ...Object.fromEntries(config.Env.map((line) => line.split(/=(.*)/s).slice(0, 2))), ...settings };
  return ['bwrap', '--ro-bind', rootfs, '/', '--proc', '/proc', '--dev', '/dev', '--chdir', config.WorkingDir].concat(
    ['--unshare-all', ...more, '--uid', uid, '--gid', gid, '--cap-drop', 'ALL', '--as-pid-1', '--json-status-fd', '3'],
    ['--clearenv', ...Object.entries(env).flatMap(([key, value]) => ['--setenv', key, value])],
    config.Entrypoint,
  );
}

/** SIGTERM to the program itself, as `docker stop` sends it; bubblewrap would not pass it on. */
function terminate(child) {
  const status = JSON.parse(child.stdio[3].read().toString().split('\n')[0]);
  process.kill(status['child-pid'], 'SIGTERM');
}

function checkConfig(config) {
  assert.deepEqual(config.Entrypoint, ['/nodejs/bin/node', '/app/anymodel-mcp.cjs']);
  assert.equal(config.User, '65532:65532');
  assert.equal(config.StopSignal, 'SIGTERM');
  assert.deepEqual(config.Healthcheck.Test, ['CMD', ...HEALTH]);
  assert.ok(config.Env.includes('HOST=0.0.0.0'));
  assert.equal(config.Labels['org.opencontainers.image.title'], 'anymodel-mcp');
  assert.match(config.Labels['org.opencontainers.image.version'], /^\d+\.\d+\.\d+/);
}

/** Nothing came along with the one file, and there is no shell to find. */
function checkFiles(rootfs) {
  assert.deepEqual(readdirSync(join(rootfs, 'app')), ['anymodel-mcp.cjs']);
  const shells = ['bin/sh', 'bin/bash', 'bin/dash', 'busybox/sh', 'usr/bin/sh'].filter((path) =>
    existsSync(join(rootfs, path)),
  );
  assert.deepEqual(shells, []);
}
