import { describe, expect, it } from 'vitest';
import { messagesFor } from './near-names.ts';

const NEAR = 'Cannot query field "nam" on type "Viewer". Did you mean "name"?';

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
    expect(hidden(full)).toBe(full);
  });
});
