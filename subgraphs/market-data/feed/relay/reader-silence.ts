/** A reader of the feed that is silent this long is gone: one publishes four times a second. */
export const READER_SILENT_MS = 1500;
