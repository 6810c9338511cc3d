import { describe, expect, it } from 'vitest';
import { parseAuditOptions } from './audit-options.ts';

describe('the options of an audit', () => {
  it('are none for a single audit of the stores in the variables', () => {
    expect(parseAuditOptions([])).toEqual({ state: undefined, everySeconds: null, metrics: null });
  });

  it('name the folder, the pause and where the findings are served', () => {
    const args = ['--state', '.data', '--every', '300', '--metrics-port', '9465'];
    expect(parseAuditOptions(args)).toEqual({
      ...{ state: '.data', everySeconds: 300 },
      metrics: { host: '127.0.0.1', port: 9465 },
    });
    expect(parseAuditOptions([...args, '--metrics-host', '0.0.0.0']).metrics?.host).toBe('0.0.0.0');
  });

  it.each([
    [['--every', '5m'], '--every must be a whole number from 1 to 86400; it was "5m".'],
    [['--every', '0'], '--every must be a whole number from 1 to 86400; it was "0".'],
    [['--every', '300', '--metrics-port', 'x'], '--metrics-port must be a whole number'],
    [['--metrics-port', '9465'], '--metrics-port needs --every'],
    [['--evry', '300'], "Unknown option '--evry'"],
  ])('are refused if they are %j', (args, message) => {
    expect(() => parseAuditOptions(args)).toThrow(message);
  });
});
