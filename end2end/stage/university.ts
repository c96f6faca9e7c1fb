import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { code } from './totp';
import { forms, Visitor } from './visitor';

/** The posts of a stage. */
export const POSTS = {
  admin: ['tenant-admin', '管理员'],
  admissions: ['admissions', '陈招生'],
  'student-affairs': ['student-affairs', '周学工'],
  'academic-affairs': ['academic-affairs', '吴教务'],
  'it-centre': ['it-centre', '郑信息'],
  secretary: ['college', '钱秘书'],
  other: ['college', '孙秘书'],
} as const;

/** A post of a stage. */
export type Post = keyof typeof POSTS;

const UNITS = [
  '类别,代码,名称,上级代码,国家专业代码,目录年份,学制,年级,电话,学信网简称,起始日期',
  '学院,01,海洋科学与生态环境学院,,,,,,021-61900001,海洋学院,',
  '学院,02,水产与生命学院,,,,,,021-61900002,水产学院,',
  '专业,0101,海洋科学,01,070701,2024,4,,,,',
  '专业,0201,水产养殖学,02,090601,2024,4,,,,',
];

/** What the journeys were started with. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: run the journeys with \`cargo xtask test e2e\``);
  }
  return value;
}

/** A national code of no real school: one belongs to one university, and all journeys share a database. */
export function schoolCode(): string {
  return String(20_000 + (randomBytes(4).readUInt32BE() % 80_000));
}

/** Runs the program with the journeys' own settings. */
export function program(args: string[], input = ''): string {
  return execFileSync(setting('XJ_E2E_PROGRAM'), args, { input, encoding: 'utf8' });
}

/** A university of its own for a journey, made with the command line as the IT Centre would. */
export class University {
  readonly address = setting('XJ_E2E_URL');
  readonly #mark = randomBytes(4).toString('hex');
  readonly slug = `e2e-${this.#mark}`;
  readonly password = `帆船 七月 ${randomBytes(6).toString('hex')}`;
  readonly salt = parseInt(this.#mark, 16);
  readonly year = Number(new Intl.DateTimeFormat('en', { timeZone: 'Asia/Shanghai', year: 'numeric' }).format());
  readonly #seats = new Map<Post, Visitor>();

  constructor(readonly name = '上海海洋大学') {
    program(['tenant', 'create', '--slug', this.slug, '--code', schoolCode(), '--name', name, '--province', '31']);
    for (const office of ['academic-affairs', 'student-affairs']) {
      const rest = ['--value', '021-61900303', '--basis', '学校通讯录'];
      program(['parameter', 'set', '--tenant', this.slug, '--key', `contact.${office}`, ...rest]);
    }
    this.employ('admin');
    this.employ('admissions');
    this.employ('student-affairs');
    this.employ('academic-affairs');
    this.employ('it-centre');
  }

  /** The login of a post. */
  login(post: Post): string {
    return post;
  }

  /** Makes the account of a post. */
  employ(post: Post, college?: string): void {
    const [office, name] = POSTS[post];
    const college_ = college === undefined ? [] : ['--college', college];
    const who = ['--tenant', this.slug, '--login', this.login(post), '--name', name, '--office', office];
    program(['account', 'create', ...who, ...college_, '--password-stdin'], this.password);
  }

  /** A seat of a post: signed in, with its second factor switched on; always the same session. */
  async seat(post: Post): Promise<Visitor> {
    const known = this.#seats.get(post);
    if (known !== undefined) {
      return known;
    }
    const visitor = new Visitor(this.address, this.slug);
    await visitor.post('/api/institution/sign-in', { login: this.login(post), password: this.password });
    await visitor.post('/api/institution/totp-enrol', {});
    const secret = /class="xj-copy"[^>]*>([A-Z2-7 ]+)</.exec(await visitor.see('account'))?.[1] ?? '';
    await visitor.post('/api/institution/totp-confirm', { code: code(secret) });
    this.#seats.set(post, visitor);
    return visitor;
  }

  /** Colleges, majors and two classes of this year, uploaded and confirmed; then the colleges' posts. */
  async organise(): Promise<void> {
    const admin = await this.seat('admin');
    const classes = [`班级,260101,海科1班,0101,,,,${this.year},,,`, `班级,260201,水产1班,0201,,,,${this.year},,,`];
    const content = Buffer.from(`\uFEFF${[...UNITS, ...classes].join('\r\n')}\r\n`);
    const preview = await admin.upload('organisation', { kind: 'units', file: { name: '组织机构.csv', content } });
    await admin.submit(preview, '/api/institution/import-confirm');
    this.employ('secretary', '01');
    this.employ('other', '02');
  }

  /** Maps every major of the year to the suggestion, or to the first of the school's majors with its name. */
  async mapMajors(): Promise<void> {
    const admissions = await this.seat('admissions');
    const path = `admission/majors?year=${this.year}`;
    const html = await admissions.see(path);
    const blocks = [...html.matchAll(/<form\b[^>]*action="\/api\/admission\/map-major"[\s\S]*?<\/form>/g)];
    for (const [block] of blocks) {
      const [hidden] = forms(block, '/api/admission/map-major');
      const chosen = [...block.matchAll(/<option\b[^>]*>/g)].map(([tag]) => tag).find((tag) => / selected/.test(tag));
      const major = /value="([^"]+)"/.exec(chosen ?? '')?.[1];
      if (hidden === undefined || major === undefined) {
        throw new Error('a major has no suggestion');
      }
      await admissions.post('/api/admission/map-major', { ...hidden, major });
    }
  }
}
