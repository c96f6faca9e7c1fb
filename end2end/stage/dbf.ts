/** A column of characters: name and width in bytes. */
export type Column = readonly [name: string, width: number];

const GBK_LANGUAGE = 0x4d;

/** What the browser-side decoder of the platform reads as GBK, turned round: every two-byte character. */
const GBK: ReadonlyMap<string, readonly [number, number]> = (() => {
  const decoder = new TextDecoder('gbk');
  const table = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if ([...character].length === 1 && !table.has(character)) {
        table.set(character, [lead, trail]);
      }
    }
  }
  return table;
})();

function encode(text: string): Buffer {
  const bytes = [...text].flatMap((character) => {
    const code = character.charCodeAt(0);
    const pair = code < 0x80 ? [code] : GBK.get(character);
    if (pair === undefined) {
      throw new Error(`${character} is not in GBK`);
    }
    return [...pair];
  });
  return Buffer.from(bytes);
}

function cell(text: string, width: number): Buffer {
  const bytes = encode(text);
  if (bytes.length > width) {
    throw new Error(`${text} is longer than ${width} bytes`);
  }
  return Buffer.concat([bytes, Buffer.alloc(width - bytes.length, ' ')]);
}

/** A dBASE III table in GBK, as the provinces' software writes it. */
export function dbf(columns: readonly Column[], rows: readonly Record<string, string>[]): Buffer {
  const record = 1 + columns.reduce((sum, [, width]) => sum + width, 0);
  const head = Buffer.alloc(32);
  head.writeUInt8(0x03, 0);
  head.set([126, 8, 20], 1);
  head.writeUInt32LE(rows.length, 4);
  head.writeUInt16LE(32 + 32 * columns.length + 1, 8);
  head.writeUInt16LE(record, 10);
  head.writeUInt8(GBK_LANGUAGE, 29);
  const fields = columns.map(([name, width]) => {
    const field = Buffer.alloc(32);
    field.write(name, 0, 'latin1');
    field.write('C', 11, 'latin1');
    field.writeUInt8(width, 16);
    return field;
  });
  const lines = rows.map((row) =>
    Buffer.concat([
      Buffer.from(' '),
      ...columns.map(([name, width]) => cell(row[name] ?? '', width)),
    ]),
  );
  return Buffer.concat([head, ...fields, Buffer.from([0x0d]), ...lines, Buffer.from([0x1a])]);
}
