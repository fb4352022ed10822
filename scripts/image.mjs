// Builds the container image with docker, podman or buildah, whichever is there and works.
// Base images may be replaced by the environment: BUILD_IMAGE, RUNTIME_IMAGE.

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));

/** Storage and isolation that need no kernel privileges beyond root's, so that it works inside a container too. */
export const BUILDAH = ['buildah', '--storage-driver', 'vfs'];

/** The form that has room for a health check; OCI's has none. */
const DOCKER_FORMAT = ['--format', 'docker'];

/** A docker client without its daemon builds nothing: each is asked whether it works, not whether it is there. */
const BUILDERS = [
  { name: 'docker', probe: ['docker', 'info'], build: ['docker', 'build'] },
  { name: 'podman', probe: ['podman', 'info'], build: ['podman', 'build', ...DOCKER_FORMAT] },
  {
    name: 'buildah',
    probe: ['buildah', '--version'],
    build: [...BUILDAH, 'bud', '--isolation', 'chroot', ...DOCKER_FORMAT],
  },
];

/** The first that works of those named; nothing when none does. */
export function findBuilder(names = BUILDERS.map(({ name }) => name)) {
  return BUILDERS.find(({ name, probe: [command, ...args] }) => {
    return names.includes(name) && spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
  });
}

/** Builds the Dockerfile under `tags`; throws when the build fails. */
export function buildImage(builder, tags, buildArgs) {
  const [command, ...args] = builder.build;
  for (const tag of tags) args.push('--tag', tag);
  for (const [name, value] of Object.entries(buildArgs)) args.push('--build-arg', `${name}=${value}`);
  execFileSync(command, [...args, root], { stdio: 'inherit' });
}

/** What the labels say: the release, and the commit where git knows it. */
export function labels() {
  const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return { VERSION: version, ...(git.status === 0 && { REVISION: git.stdout.trim() }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const builder = findBuilder();
  if (builder === undefined) {
    console.error('Building the image takes a working docker, podman or buildah; none was found.');
    process.exit(1);
  }
  const bases = Object.fromEntries(
    ['BUILD_IMAGE', 'RUNTIME_IMAGE'].filter((name) => process.env[name]).map((name) => [name, process.env[name]]),
  );
  buildImage(builder, [`anymodel-mcp:${version}`, 'anymodel-mcp:latest'], { ...labels(), ...bases });
  console.log(`Built anymodel-mcp:${version} with ${builder.name}.`);
}
