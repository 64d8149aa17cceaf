// node audit.mjs URL: runs the GraphQL over HTTP audits against a server, prints one JSON line for each, exits 1 unless all are ok.

import { serverAudits } from 'graphql-http';

const [url] = process.argv.slice(2);
if (!url) {
  console.error('Say which server: node audit.mjs URL');
  process.exit(2);
}

// The server answers only clients that name themselves.
const fetchFn = (resource, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set('X-Octopus-Client', 'audit');
  return fetch(resource, { ...init, headers });
};

let failed = 0;
for (const audit of serverAudits({ url, fetchFn })) {
  const { id, name, status, reason } = await audit.fn();
  console.log(JSON.stringify({ id, name, status, reason }));
  if (status !== 'ok') failed += 1;
}
process.exitCode = failed ? 1 : 0;
