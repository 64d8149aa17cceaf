// Apollo Server on Fastify, with a DataLoader for each list and its cache of parsed documents.
import { ApolloServer } from "@apollo/server";
import fastifyApollo, { fastifyApolloDrainPlugin } from "@as-integrations/fastify";
import DataLoader from "dataloader";
import Fastify from "fastify";
import { customers, latestEvents, paymentMethods, port, preferences, resolvers, signIns, typeDefs } from "./rows.mjs";

const app = Fastify();
const server = new ApolloServer({
  typeDefs,
  resolvers: {
    ...resolvers,
    Customer: {
      ...resolvers.Customer,
      signIns: ({ id }, { first }, { loaders }) => loaders.signIns.load({ id, first }),
      paymentMethods: ({ id }, _, { loaders }) => loaders.paymentMethods.load(id),
      preferences: ({ id }, _, { loaders }) => loaders.preferences.load(id),
    },
    Request: {
      ...resolvers.Request,
      customer: (row, _, { loaders }) => loaders.customers.load(row.customer_id),
      latestEvent: (row, _, { loaders }) => loaders.latestEvents.load(row.id),
    },
  },
  plugins: [fastifyApolloDrainPlugin(app)],
});
await server.start();
await app.register(fastifyApollo(server), {
  context: async () => ({
    loaders: {
      signIns: new DataLoader(signIns),
      paymentMethods: new DataLoader(paymentMethods),
      preferences: new DataLoader(preferences),
      customers: new DataLoader(customers),
      latestEvents: new DataLoader(latestEvents),
    },
  }),
});
await app.listen({ port, host: "127.0.0.1" });
