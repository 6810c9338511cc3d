// The health check of the image, which has no curl: exits 0 when the address answers with 200.
try {
  const response = await fetch(process.argv[2] ?? '', { signal: AbortSignal.timeout(2500) });
  process.exitCode = response.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
