import { dbf, type Column } from './dbf';
import { zip } from './zip';

/** A made-up candidate. */
export type Candidate = {
  ksh: string;
  name: string;
  document: string;
};

/** A package of admission data, and what a check must find in it. */
export type Package = {
  year: number;
  /** The files of the provinces' folders, by path. */
  files: ReadonlyMap<string, Buffer>;
  /** The same as a zip. */
  file: Buffer;
  /** Candidates without any finding. */
  good: Candidate[];
  /** Candidates whose name carries a dot that must be accepted. */
  dotted: Candidate[];
  /** Candidates with a wrong check character. */
  bad: Candidate[];
};

const BMK: Column[] = [
  ['KSH', 14],
  ['XM', 32],
  ['XBDM', 1],
  ['CSRQ', 8],
  ['ZZMMDM', 2],
  ['MZDM', 2],
  ['KSLBDM', 1],
  ['ZJLXDM', 1],
  ['ZJHM', 18],
  ['DQDM', 6],
];
const TDD: Column[] = [
  ['KSH', 14],
  ['LQZY', 4],
  ['PCDM', 2],
  ['KLDM', 2],
  ['CJ', 6],
  ['TDYYDM', 2],
];
const MAJORS: Column[] = [
  ['ZYDH', 4],
  ['ZYDM', 10],
  ['ZYMC', 50],
];
const FAMILY = ['林', '陈', '徐', '沈', '陆', '顾', '钱', '吴'];
const GIVEN = ['思远', '海宁', '书涵', '若溪', '志航', '明澜', '嘉禾', '予安'];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function checkCharacter(seventeen: string): string {
  const sum = [...seventeen].reduce((total, digit, at) => total + Number(digit) * (WEIGHTS[at] ?? 0), 0);
  return '10X98765432'.charAt(sum % 11);
}

function birthday(year: number, at: number): string {
  const month = String((at % 12) + 1).padStart(2, '0');
  return `${year - 18}${month}${String(10 + (at % 18))}`;
}

/** Two provinces' folders: eight ordinary candidates each, one with a foreign dot, one with a wrong document number. */
export function admissionPackage(year: number, salt: number): Package {
  const made: Package = { year, files: new Map(), file: Buffer.alloc(0), good: [], dotted: [], bad: [] };
  const entries = new Map<string, Buffer>();
  for (const [folder, area] of [
    ['上海市 本科批 综合改革', '310115'],
    ['江苏省 本科批 综合改革', '320106'],
  ] as const) {
    const people: Record<string, string>[] = [];
    const offers: Record<string, string>[] = [];
    for (let at = 0; at < 10; at += 1) {
      const ksh = `${year % 100}${area}15${String(at + 1).padStart(4, '0')}`;
      const man = at % 2 === 0;
      const order = String(((salt % 49) * 20 + at * 2 + (man ? 1 : 0)) % 1000).padStart(3, '0');
      const born = birthday(year, at);
      const stem = `${area}${born}${order}`;
      const right = checkCharacter(stem);
      const dotted = at === 8;
      const bad = at === 9;
      const name = dotted ? '阿依古丽．买买提' : `${FAMILY[at % 8]}${GIVEN[(at * 3 + (area === '310115' ? 0 : 1)) % 8]}`;
      const document = stem + (bad ? (right === '0' ? '1' : '0') : right);
      people.push({
        KSH: ksh,
        XM: name,
        XBDM: man ? '1' : '2',
        CSRQ: born,
        ZZMMDM: '03',
        MZDM: dotted ? '05' : '01',
        KSLBDM: '1',
        ZJLXDM: '1',
        ZJHM: document,
        DQDM: area,
      });
      offers.push({ KSH: ksh, LQZY: at % 2 === 0 ? '01' : '02', PCDM: '1', KLDM: '1', CJ: '580' });
      (bad ? made.bad : dotted ? made.dotted : made.good).push({ ksh, name, document });
    }
    entries.set(`${folder}/T_BMK.DBF`, dbf(BMK, people));
    entries.set(`${folder}/T_TDD.DBF`, dbf(TDD, offers));
    entries.set(
      `${folder}/TD_ZYDH.DBF`,
      dbf(MAJORS, [
        { ZYDH: '01', ZYDM: '070701', ZYMC: '海洋科学' },
        { ZYDH: '02', ZYDM: '090601', ZYMC: '水产养殖学' },
      ]),
    );
  }
  made.files = entries;
  made.file = zip(entries);
  return made;
}

/** A list without any finding, of as many candidates as it takes for a check to be watched. */
export function crowd(year: number, people: number): Buffer {
  const areas = ['310115', '320106', '330106', '340104'];
  const lines = ['考生号,姓名,性别,民族,身份证号,录取专业'];
  for (let at = 0; at < people; at += 1) {
    const area = areas[at % areas.length] ?? '';
    const place = Math.floor(at / areas.length);
    const man = place % 2 === 0;
    const order = String((Math.floor(place / 36) * 2 + (man ? 1 : 0)) % 1000).padStart(3, '0');
    const stem = `${area}${birthday(year, place)}${order}`;
    const ksh = `${year % 100}${area}15${String(place).padStart(4, '0')}`;
    const name = `${FAMILY[place % 8]}${GIVEN[Math.floor(place / 8) % 8]}`;
    lines.push(`${ksh},${name},${man ? '男' : '女'},汉族,${stem}${checkCharacter(stem)},海洋科学`);
  }
  return Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`);
}
