import type { Locator } from '@playwright/test';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';

/** What a phone's camera reads from a code on the page. */
export async function read(code: Locator): Promise<string> {
  const picture = PNG.sync.read(await code.screenshot({ scale: 'device' }));
  const found = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
  if (found === null) {
    throw new Error('the code cannot be read');
  }
  return found.data;
}
