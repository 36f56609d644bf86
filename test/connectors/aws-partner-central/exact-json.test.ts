import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PartnerCentralApi } from '../../../connectors/aws-partner-central/partner-central-api.ts';
import { openPartnerCentral } from '../../../connectors/aws-partner-central/partner-central-api.ts';

describe('what goes over the wire', () => {
  const stamp = '2026-03-02T10:15:00.123456789Z';
  let server: Server;
  let requests: { target: string; body: string; length: string }[];
  let answer: { status: number; body: string };
  let api: PartnerCentralApi;

  beforeEach(async () => {
    requests = [];
    answer = { status: 200, body: '{}' };
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { 'x-amz-target': target, 'content-length': length } = request.headers;
        requests.push({ target: String(target), body: Buffer.concat(chunks).toString(), length: String(length) });
        response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    api = openPartnerCentral(
      {
        id: 'ace',
        system: 'aws-partner-central',
        auth: 'access-key',
        objects: [],
        baseUrl: `http://127.0.0.1:${port}`,
        options: { catalog: 'Sandbox' },
      },
      { accessToken: JSON.stringify({ accessKeyId: 'key', secretAccessKey: 'secret' }) },
    );
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('keeps every digit of a time, in the answer and in the request that sends it back', async () => {
    answer = { status: 200, body: `{"Id":"O1","LastModifiedDate":"${stamp}","Unheard":{"of":[1]}}` };

    const read = await api.ask('GetOpportunity', { Identifier: 'O1' }, AbortSignal.timeout(5_000));
    await api.ask(
      'UpdateOpportunity',
      { Identifier: 'O1', LastModifiedDate: read.LastModifiedDate },
      AbortSignal.timeout(5_000),
    );

    expect(read).toEqual({ Id: 'O1', LastModifiedDate: stamp, Unheard: { of: [1] } });
    expect(requests[1]?.target).toBe('AWSPartnerCentralSelling.UpdateOpportunity');
    expect(requests[1]?.body).toBe(`{"Catalog":"Sandbox","Identifier":"O1","LastModifiedDate":"${stamp}"}`);
  });

  it('is counted in bytes, whatever is written, and names the catalog in every call', async () => {
    await api.ask(
      'CreateOpportunity',
      { ClientToken: 't', Project: { Title: 'Ärger "株" 🙂' } },
      AbortSignal.timeout(5_000),
    );

    const [request] = requests;
    expect(JSON.parse(request?.body ?? '')).toEqual({
      Catalog: 'Sandbox',
      ClientToken: 't',
      Project: { Title: 'Ärger "株" 🙂' },
    });
    expect(request?.length).toBe(String(Buffer.byteLength(request?.body ?? '')));
  });

  it('is an exception of the SDK, with its list of fields, when AWS refuses', async () => {
    const list = [{ FieldName: 'Project.Title', Message: 'too long', Code: 'INVALID_VALUE' }];
    answer = {
      status: 400,
      body: JSON.stringify({
        __type: 'com.amazonaws#ValidationException',
        Message: 'no',
        Reason: 'BUSINESS_VALIDATION_FAILED',
        ErrorList: list,
      }),
    };

    const asked = api.ask('GetOpportunity', { Identifier: 'O1' }, AbortSignal.timeout(5_000));

    await expect(asked).rejects.toMatchObject({ name: 'ValidationException', ErrorList: list });
    expect(requests).toHaveLength(1);
  });

  it('is no answer when it is no JSON', async () => {
    answer = { status: 200, body: '<html>' };

    await expect(api.ask('GetOpportunity', { Identifier: 'O1' }, AbortSignal.timeout(5_000))).rejects.toThrow(
      SyntaxError,
    );
  });
});
