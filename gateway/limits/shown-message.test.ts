import { describe, expect, it } from 'vitest';
import { messagesFor } from './shown-message.ts';

const NEAR = 'Cannot query field "nam" on type "Viewer". Did you mean "name"?';

describe('a message that quotes what a client sent', () => {
  it.each([true, false])('has its beginning and its end if it is long', (introspection) => {
    const shown = messagesFor({ introspection });
    const quoted = `Got invalid value "${'x'.repeat(200_000)}"; Field "zz" is not defined.`;
    expect(shown(quoted)).toMatch(/^Got invalid value "x+ … x+"; Field "zz" is not defined\.$/);
    expect(shown(quoted).length).toBeLessThan(1100);
    expect(shown('x'.repeat(1000))).toBe('x'.repeat(1000));
  });
});

describe('the message of a mistake in a name', () => {
  it('has the names near it where the schema can be read', () => {
    expect(messagesFor({ introspection: true })(NEAR)).toBe(NEAR);
  });

  const hidden = messagesFor({ introspection: false });

  it('has none where it cannot', () => {
    expect(hidden(NEAR)).toBe('Cannot query field "nam" on type "Viewer".');
    expect(hidden('Unknown type "A". Did you mean "Asset", "Account", or "Fill"?')).toBe(
      'Unknown type "A".',
    );
  });

  it('keeps what a client said in the same words', () => {
    const said = 'Enum "Side" cannot represent non-enum value: "Did you mean BUY?".';
    expect(hidden(said)).toBe(said);
    expect(hidden(`${said} Did you mean the enum value "BUY"?`)).toBe(said);
  });

  it('takes no longer when it is full of these words', () => {
    const full = `${'Did you mean '.repeat(1_000_000)}.`;
    expect(hidden(full)).toBe(`${full.slice(0, 600)} … ${full.slice(-400)}`);
  });
});
