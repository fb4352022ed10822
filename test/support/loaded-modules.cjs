// Preloaded into the bundle by the architecture test: says on stderr, at exit, which of Node's own modules
// the process has loaded.
process.on('exit', () => {
  const names = process.moduleLoadList.filter((entry) => entry.startsWith('NativeModule '));
  process.stderr.write(`LOADED ${names.map((entry) => entry.slice('NativeModule '.length)).join(' ')}\n`);
});
