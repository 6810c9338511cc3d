/** Too many previews of one user wait; nothing was looked at. */
export class TooManyPreviewsError extends Error {
  constructor(limit: number) {
    super(`At most ${limit} of your previews can wait at a time.`);
    this.name = 'TooManyPreviewsError';
  }
}
