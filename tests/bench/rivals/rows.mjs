// The tables, asked by prepared statements, each for many customers at once; and the resolvers both servers share.
import { readFileSync } from "node:fs";
import pg from "pg";

pg.types.setTypeParser(1184, (text) => text); // a time stays the text it came as: no Date is made of it
pg.types.setTypeParser(1082, (text) => text);

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

export const port = Number(process.env.PORT);
export const typeDefs = readFileSync(new URL("schema.graphql", import.meta.url), "utf8");

async function grouped(name, text, ids, ...more) {
  const { rows } = await pool.query({ name, text, values: [ids, ...more] });
  const found = new Map(ids.map((id) => [id, []]));
  for (const row of rows) found.get(row.customer_id).push(row);
  return ids.map((id) => found.get(id));
}

export async function customer(id) {
  const { rows } = await pool.query({ name: "customer", text: "select * from plain.customer where id = $1", values: [id] });
  return rows[0];
}

const SIGN_INS = `select s.* from unnest($1::uuid[]) as c(id) cross join lateral
  (select * from plain.sign_in where customer_id = c.id order by at desc, id desc limit $2) s`;

const cursor = (row) => Buffer.from(`${row.at}|${row.id}`).toString("base64url");

export async function signIns(asked) {
  const first = Math.max(...asked.map((one) => one.first));
  const lists = await grouped("sign-ins", SIGN_INS, asked.map((one) => one.id), first + 1);
  return lists.map((rows, n) => {
    const nodes = rows.slice(0, asked[n].first);
    const hasNextPage = rows.length > nodes.length;
    return { nodes, pageInfo: { hasNextPage, endCursor: nodes.length ? cursor(nodes[nodes.length - 1]) : null } };
  });
}

export const paymentMethods = (ids) =>
  grouped("payment-methods", "select * from plain.payment_method where customer_id = any($1) order by added_at, id", ids);

export const preferences = async (ids) =>
  (await grouped("preferences", "select * from plain.preferences where customer_id = any($1)", ids)).map((rows) => rows[0]);

export async function requests(first) {
  const text = `select *, due_at <= now() as overdue from plain.request where open order by due_at, id limit $1`;
  const { rows } = await pool.query({ name: "requests", text, values: [first + 1] });
  const nodes = rows.slice(0, first);
  const last = nodes[nodes.length - 1];
  const endCursor = last ? Buffer.from(`${last.due_at}|${last.id}`).toString("base64url") : null;
  return { nodes, pageInfo: { hasNextPage: rows.length > nodes.length, endCursor } };
}

async function byId(name, text, ids) {
  const { rows } = await pool.query({ name, text, values: [ids] });
  const found = new Map(rows.map((row) => [row.key, row]));
  return ids.map((id) => found.get(id) ?? null);
}

export const customers = (ids) =>
  byId("customers", "select id as key, id, number, state from plain.customer where id = any($1)", ids);

const LATEST = `select e.* from unnest($1::uuid[]) as r(id) cross join lateral
  (select request_id as key, at, action, title from plain.event where request_id = r.id order by at desc limit 1) e`;

export const latestEvents = (ids) => byId("latest-events", LATEST, ids);

const same = (row) => row;

export const resolvers = {
  Query: { customer: (_, { id }) => customer(id), requests: (_, { first }) => requests(first) },
  Request: { receivedAt: (row) => row.received_at, dueAt: (row) => row.due_at },
  CustomerHit: { maskedName: () => "•••", maskedEmail: () => "•••@•••" },
  Customer: { createdAt: (row) => row.created_at, profile: same },
  Profile: {
    givenName: (row) => row.given_name,
    familyName: (row) => row.family_name,
    phoneNumber: (row) => row.phone_number,
    updatedAt: (row) => row.updated_at,
    address: same,
  },
  Address: { streetAddress: (row) => row.street_address, postalCode: (row) => row.postal_code },
  SignInConnection: { edges: (page) => page.nodes.map((node) => ({ node, cursor: cursor(node) })) },
  SignIn: { isNewDevice: (row) => row.is_new_device, place: same, userAgent: same },
  Preferences: { timeZone: (row) => row.time_zone, newsByEmail: (row) => row.news_by_email, cookies: same },
  Cookies: { decidedAt: (row) => row.cookies_decided_at },
};
