// Preloaded into a server whose memory is measured: at SIGUSR2 it collects its garbage and tells what is left.

process.on('SIGUSR2', () => {
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.stderr.write(`${JSON.stringify({ rss, heap: heapUsed + external })}\n`);
});
