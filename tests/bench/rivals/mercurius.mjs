// Fastify and Mercurius, with its loaders and its just-in-time compiler.
import Fastify from "fastify";
import mercurius from "mercurius";
import { customers, latestEvents, paymentMethods, port, preferences, resolvers, signIns, typeDefs } from "./rows.mjs";

const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  jit: 1,
  loaders: {
    Customer: {
      signIns: (queries) => signIns(queries.map(({ obj, params }) => ({ id: obj.id, first: params.first }))),
      paymentMethods: (queries) => paymentMethods(queries.map(({ obj }) => obj.id)),
      preferences: (queries) => preferences(queries.map(({ obj }) => obj.id)),
    },
    Request: {
      customer: (queries) => customers(queries.map(({ obj }) => obj.customer_id)),
      latestEvent: (queries) => latestEvents(queries.map(({ obj }) => obj.id)),
    },
  },
});
await app.listen({ port, host: "127.0.0.1" });
