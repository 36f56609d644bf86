import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { connectionsJsonSchema, readConnectionsFile } from '../../../connectors/kit/connections-file.ts';
import { describeProblem } from '../../../connectors/kit/yaml-file.ts';

const root = resolve(import.meta.dirname, '../../..');
const read = (text: string) => readConnectionsFile('connections.yaml', text);

/** What is wrong with a text, one line each. */
function complaints(text: string): readonly string[] {
  const result = read(text);
  return result.ok ? [] : result.problems.map(describeProblem);
}

const hubspot = (more = '') => `- id: hubspot
  system: hubspot
  auth: static-token
  credentials: { env: { accessToken: HUBSPOT_TOKEN } }
  objects: [company, deal]
${more}`;

describe('reading connections', () => {
  it('takes two accounts of one system side by side, in the order of the file', () => {
    const text = `${hubspot()}${hubspot().replace('id: hubspot', 'id: hubspot-emea')}`;

    const result = read(text);

    expect(result).toMatchObject({ ok: true, value: [{ id: 'hubspot' }, { id: 'hubspot-emea' }] });
  });

  it('fills in what may be left out: both directions and no ceilings of its own', () => {
    const result = read(hubspot());

    expect(result).toEqual({
      ok: true,
      value: [
        {
          id: 'hubspot',
          system: 'hubspot',
          auth: 'static-token',
          credentials: { env: { accessToken: 'HUBSPOT_TOKEN' } },
          objects: ['company', 'deal'],
          direction: 'both',
          ceilings: {},
        },
      ],
    });
  });

  it.each(['', '# nothing yet\n', '[]'])('takes a text without any as an empty list: %j', (text) => {
    expect(read(text)).toEqual({ ok: true, value: [] });
  });

  it('takes a secret instead of environment variables', () => {
    const text = hubspot().replace('{ env: { accessToken: HUBSPOT_TOKEN } }', '{ secret: crm/hubspot }');

    expect(read(text)).toMatchObject({ ok: true, value: [{ credentials: { secret: 'crm/hubspot' } }] });
  });
});

describe('the files of the repository', () => {
  it('says nothing to connect in connections.yaml, so that a fresh clone runs on simulators', () => {
    expect(read(readFileSync(join(root, 'connections.yaml'), 'utf8'))).toEqual({ ok: true, value: [] });
  });

  it('has examples in connections.yaml that are right as soon as they are uncommented', () => {
    const text = readFileSync(join(root, 'connections.yaml'), 'utf8');
    const examples = text.slice(text.indexOf('# - id:')).replaceAll(/^# (- id:| {2})/gm, '$1');

    const result = read(examples);

    expect(result).toMatchObject({
      ok: true,
      value: [
        { system: 'salesforce', auth: 'client-credentials' },
        { system: 'salesforce', auth: 'jwt-bearer' },
        { system: 'hubspot', auth: 'static-token' },
        { system: 'aws-marketplace', auth: 'own-account' },
        { system: 'aws-partner-central', auth: 'assume-role', options: { catalog: 'AWS' } },
      ],
    });
  });

  it('simulates one Salesforce organisation and one HubSpot account on this machine', () => {
    const file = 'local/simulated-connections.yaml';

    const result = readConnectionsFile(file, readFileSync(join(root, file), 'utf8'));

    expect(result).toMatchObject({
      ok: true,
      value: [
        { id: 'salesforce', baseUrl: 'http://127.0.0.1:8801', auth: 'client-credentials' },
        { id: 'hubspot', baseUrl: 'http://127.0.0.1:8802', auth: 'static-token' },
      ],
    });
  });

  it('keeps the JSON Schema for editors up to date (if not: node infra/write-editor-schemas.ts)', () => {
    const written = JSON.parse(readFileSync(join(root, 'connectors/kit/connections.schema.json'), 'utf8'));

    expect(written).toEqual(JSON.parse(JSON.stringify(connectionsJsonSchema())));
  });
});

describe('the JSON Schema for editors', () => {
  const isRight = new Ajv2020().compile(connectionsJsonSchema());

  it('agrees with what is read', () => {
    const right = readFileSync(join(root, 'local/simulated-connections.yaml'), 'utf8');

    expect(isRight(parse(right))).toBe(true);
    expect(isRight(parse(right.replace('client-credentials', 'static-token')))).toBe(false);
    expect(isRight(parse(right.replace('clientSecret:', 'clientSecrt:')))).toBe(false);
  });
});

describe('mistakes in connections', () => {
  it('reports all mistakes at once, each with its line and way', () => {
    const text = `- id: Hub
  system: hubspot
  auth: static-token
  credentials:
    env:
      accessToken: HUBSPOT_TOKEN
      acessToken: HUBSPOT_TOKEN
  objects: [company, partner]
  colour: red
`;

    expect(complaints(text)).toEqual([
      'connections.yaml:1: [0].id: must be 1 to 30 of a-z, 0-9 and -, beginning with a letter',
      'connections.yaml:7: [0].credentials.env.acessToken: no such setting exists here',
      'connections.yaml:8: [0].objects[1]: must be one of company, deal, contact, lead',
      'connections.yaml:9: [0].colour: no such setting exists here',
    ]);
  });

  it.each([
    [
      'a system there is no connector for',
      hubspot().replace('system: hubspot', 'system: sap'),
      '2: [0].system: must be one of salesforce, hubspot, aws-marketplace, aws-partner-central',
    ],
    [
      'an auth of another system',
      hubspot().replace('static-token', 'jwt-bearer'),
      '3: [0].auth: must be static-token or refresh-token for hubspot',
    ],
    [
      'a credential that is not named',
      hubspot().replace('accessToken: HUBSPOT_TOKEN', ''),
      '4: [0].credentials.env.accessToken: is missing',
    ],
    [
      'no credentials at all',
      hubspot().replace('{ env: { accessToken: HUBSPOT_TOKEN } }', '{}'),
      '4: [0].credentials: name the environment variables under env, an existing secret under secret, or both',
    ],
    ['no objects', hubspot().replace('[company, deal]', '[]'), '5: [0].objects: name at least one object'],
    ['an object twice', hubspot().replace('[company, deal]', '[deal, deal]'), '5: [0].objects: names an object twice'],
    [
      'a setting that is not there',
      hubspot().replace('  objects: [company, deal]\n', ''),
      '1: [0].objects: is missing',
    ],
    ['an unknown direction', hubspot('  direction: up\n'), '6: [0].direction: must be in, out or both'],
    ['a ceiling of nothing', hubspot('  ceilings: { perDay: 0 }\n'), '6: [0].ceilings.perDay: must be at least 1'],
    [
      'an account id that YAML takes for a number',
      hubspot('  accountId: 12345\n'),
      '6: [0].accountId: must be text: put it in quotes',
    ],
    [
      'something that is no connection',
      '- hubspot\n',
      '1: [0]: must be a connection: id, system, auth, credentials, objects',
    ],
    ['something that is no list', 'hubspot: {}\n', '1: must be a list of connections, each beginning with "- id:"'],
    [
      'an unknown anchor',
      '- *template\n',
      '1: an alias (*name) refers to an unknown anchor, or there are more than 100 expansions',
    ],
  ])('explains %s', (_, text, complaint) => {
    expect(complaints(text)).toEqual([`connections.yaml:${complaint}`]);
  });

  it('refuses an id, and an account of one system, that stands twice, and says where it stood first', () => {
    const text = `${hubspot('  accountId: "1"\n')}${hubspot('  accountId: "1"\n')}`;

    expect(complaints(text)).toEqual([
      'connections.yaml:7: [1].id: this id is used before, by the connection in line 1',
      'connections.yaml:12: [1].accountId: this account is used before, by the connection in line 1',
    ]);
  });

  it('needs the address of the organisation for Salesforce client credentials, which the login host does not serve', () => {
    const text = `- id: salesforce
  system: salesforce
  auth: client-credentials
  credentials: { secret: crm/salesforce }
  objects: [Account]
`;

    expect(complaints(text)).toEqual(['connections.yaml:1: [0].baseUrl: is missing']);
  });

  it('never repeats a value, since a secret may have been pasted where its name belongs', () => {
    const secret = 'pat-eu1-0c4ffee0';
    const texts = [
      hubspot().replace('HUBSPOT_TOKEN', secret),
      hubspot().replace('[company, deal]', `[${secret}]`),
      hubspot(`  baseUrl: https://user:${secret}@example.com\n`),
      `${hubspot()}"${secret}"\n`,
      hubspot(`  token: "${secret}" "x"\n`),
    ];

    for (const text of texts) {
      expect(complaints(text)).not.toEqual([]);
      expect(complaints(text).join('\n')).not.toContain(secret);
    }
  });
});

describe('the address to call', () => {
  const withBaseUrl = (baseUrl: string) => complaints(hubspot(`  baseUrl: "${baseUrl}"\n`));

  it.each([
    'https://api.hubapi.com',
    'https://proxy.example.com:8443/hubspot',
    'http://127.0.0.1:8802',
    'http://localhost:1',
    'http://[::1]:8802',
    'http://10.1.2.3',
    'http://172.31.0.1',
    'http://192.168.0.10:80',
    'http://simulator:8802',
    'http://simulator.internal',
  ])('may be %s', (baseUrl) => {
    expect(withBaseUrl(baseUrl)).toEqual([]);
  });

  it.each([
    ['http://api.hubapi.com', 'must begin with https'],
    ['http://172.32.0.1', 'must begin with https'],
    ['http://127.0.0.1.example.com', 'must begin with https'],
    ['ftp://127.0.0.1', 'must be an address'],
    ['api.hubapi.com', 'must be an address'],
    ['https://user:word@example.com', 'must not hold a user or password'],
    ['https://example.com/', 'must end with the host'],
    ['https://example.com?a=b', 'must end with the host'],
  ])('may not be %s', (baseUrl, reason) => {
    expect(withBaseUrl(baseUrl)).toEqual([expect.stringContaining(`[0].baseUrl: ${reason}`)]);
  });
});
