/** Too many previews of one account are under way; nothing was looked at. */
export class TooManyPreviewsError extends Error {
  constructor(limit: number) {
    super(`Of one account at most ${limit} previews can wait at a time.`);
    this.name = 'TooManyPreviewsError';
  }
}
