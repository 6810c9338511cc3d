import fc from 'fast-check';

/**
 * Property tests draw the same examples in every run, so that one fails because of what was changed, and what they
 * count is the same each time. `PROPERTY_SEED` draws others.
 */
const seed = Number.parseInt(process.env['PROPERTY_SEED'] ?? '1', 10);

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
