import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import {
  type HttpServerOptions,
  jsonResponse,
  parseJsonBody,
  startHttpServer,
} from '../../../../local/simulators/shared/http-server.ts';

async function open(handle: HttpServerOptions['handle'], options: Partial<HttpServerOptions> = {}) {
  const server = await startHttpServer({ handle, ...options });
  onTestFinished(() => server.close());
  return server;
}

test('a handler gets method, undecoded address, query and the body as bytes', async () => {
  const server = await open(({ method, target, path, query, headers, body }) =>
    jsonResponse(200, {
      method,
      target,
      path,
      q: query.get('q'),
      type: headers['content-type'],
      body: body.toString('hex'),
    }),
  );

  const response = await fetch(`${server.url}/a%2Fb?q=x%20y`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array([0, 255, 10]),
  });

  expect(await response.json()).toEqual({
    method: 'PUT',
    target: '/a%2Fb?q=x%20y',
    path: '/a%2Fb',
    q: 'x y',
    type: 'application/octet-stream',
    body: '00ff0a',
  });
});

test('one connection serves many calls, also after an answer without content', async () => {
  const server = await open(({ path }) => ({
    status: path === '/empty' ? 204 : 200,
    ...(path === '/empty' ? {} : { body: 'ü' }),
  }));
  const socket = connect(server.port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });

  socket.write('GET /empty HTTP/1.1\r\nhost: x\r\n\r\n');
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const [second] = (await once(socket, 'data')) as [Buffer];

  expect(first.toString()).toMatch(/^HTTP\/1\.1 204/);
  expect(second.toString()).toMatch(/^HTTP\/1\.1 200/);
  expect(second.toString()).toMatch(/content-length: 2\r\n/);
});

test('a body over the bound is answered 413 and not handled', async () => {
  let handled = 0;
  const server = await open(
    () => {
      handled += 1;
      return { status: 200 };
    },
    { bodyBytesMax: 10 },
  );

  const large = await fetch(server.url, { method: 'POST', body: 'x'.repeat(11) });
  const fitting = await fetch(server.url, { method: 'POST', body: 'x'.repeat(10) });

  expect([large.status, fitting.status, handled]).toEqual([413, 200, 1]);
});

test('a cut connection fails the caller', async () => {
  const server = await open(() => 'cut-connection');

  await expect(fetch(server.url)).rejects.toThrow();
});

test('an exception in a handler is a defect: told once, answered 500', async () => {
  const defects: unknown[] = [];
  const server = await open(
    () => {
      throw new Error('broken');
    },
    { onDefect: (defect) => defects.push(defect) },
  );

  expect((await fetch(server.url)).status).toBe(500);
  expect(defects).toEqual([new Error('broken')]);
});

test('refused connections come back on the same port, early or by themselves', async () => {
  const server = await open(() => ({ status: 200 }));

  server.refuseConnections(60_000);
  server.refuseConnections(60_000);
  await expect(fetch(server.url)).rejects.toThrow();
  await server.acceptConnections();
  await server.acceptConnections();

  expect((await fetch(server.url)).status).toBe(200);
});

test('closing frees the port while a keep-alive connection is open, and while refusing', async () => {
  const first = await startHttpServer({ handle: () => ({ status: 200 }) });
  await fetch(first.url);
  await first.close();

  const second = await startHttpServer({ handle: () => ({ status: 200 }), port: first.port });
  second.refuseConnections(60_000);
  await second.close();
  const third = await startHttpServer({ handle: () => ({ status: 200 }), port: first.port });
  await third.close();

  expect(third.port).toBe(first.port);
});

test('a taken port is an error at the start', async () => {
  const server = await open(() => ({ status: 200 }));

  await expect(startHttpServer({ handle: () => ({ status: 200 }), port: server.port })).rejects.toThrow(/EADDRINUSE/);
});

test('JSON is told from what is not JSON', () => {
  expect(parseJsonBody(Buffer.from('null'))).toEqual({ value: null });
  expect(parseJsonBody(Buffer.from(''))).toBeUndefined();
  expect(parseJsonBody(Buffer.from('{'))).toBeUndefined();
});
