// Threekit orders in Node, from the vendor's pages alone: it knows nothing of the contract.
//
// It differs on purpose from the reference server where the pages leave room: 201 and 200, errors
// in a form of its own, absent members left out, members that nobody documented, a list of newest
// orders first.

import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";

const [PUBLIC_TOKEN, PRIVATE_TOKEN] = process.argv.slice(2);
const OWN_ORGANIZATION = "5b1f0f0a-3f4e-4a39-9c53-2f6f1f5d7c02";
const STATUSES = ["List", "In Cart", "New", "In Progress", "Complete"];
const LARGEST_BODY = 2 ** 20;
const LARGEST_COUNT = 2 ** 31 - 1;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const orders = new Map(); // by id
const idsByShortId = new Map();

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function refuse(status, message) {
  throw new Refused(status, message);
}

// What a client may send

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isCount = (value) => Number.isInteger(value) && value >= 1 && value <= LARGEST_COUNT;
const isAttribute = (value) => ["string", "number"].includes(typeof value) || isObject(value);
const isUuid = (value) => typeof value === "string" && UUID.test(value);

const MEMBERS = {
  name: (value) => typeof value === "string" && [...value].length <= 255,
  customerId: (value) => value === null || isUuid(value),
  originOrgId: (value) => typeof value === "string",
  platform: (value) => isObject(value) && ["id", "platform", "storeName"].every((name) =>
    [undefined, null].includes(value[name]) || typeof value[name] === "string"),
  metadata: (value) => isObject(value) && Object.values(value).every(isAttribute),
  items: (value) => Array.isArray(value) && value.every(isObject),
  cart: isCart,
  derivative: (value) => isObject(value) && Object.values(value).every(isAttribute),
  status: (value) => STATUSES.includes(value),
  orgId: isUuid,
};

function isCart(value) {
  const isItem = (item) =>
    isObject(item) && isUuid(item.configurationId) && isCount(item.count) && isNotes(item.metadata);
  return Array.isArray(value) && value.length > 0 && value.every(isItem);
}

function isNotes(value) {
  const isNote = (note) => ["string", "number"].includes(typeof note);
  if ([undefined, null].includes(value)) return true;
  return isObject(value) && Object.values(value).every(isNote);
}

// Items of the old form become a cart only if all of them are right; else they stay as they are.
function converted(items) {
  const isRight = (item) => isUuid(item.id) && isCount(item.count);
  return items.every(isRight) ? items.map(({ id, count }) => ({ configurationId: id, count })) : [];
}

const inCart = ({ configurationId, count, metadata }) =>
  metadata === undefined ? { configurationId, count } : { configurationId, count, metadata };

// What the API does

function createOrder(body) {
  if (!isObject(body)) refuse(400, "An order is an object.");
  for (const [name, isRight] of Object.entries(MEMBERS)) {
    if (Object.hasOwn(body, name) && !isRight(body[name])) refuse(400, `${name} is not right.`);
  }
  const order = { id: randomUUID(), shortId: randomBytes(6).toString("base64url") };
  order.orgId = body.orgId ?? OWN_ORGANIZATION;
  order.status = body.status ?? "New";
  for (const name of ["name", "customerId", "originOrgId", "platform", "metadata", "derivative"]) {
    if (Object.hasOwn(body, name)) order[name] = body[name];
  }
  order.items = body.items ?? [];
  order.cart = body.cart ? body.cart.map(inCart) : converted(order.items);
  order.createdAt = new Date().toISOString();
  order.revision = 1;
  orders.set(order.id, order);
  idsByShortId.set(order.shortId, order.id);
  return order;
}

function found(id) {
  const order = orders.get(id) ?? orders.get(idsByShortId.get(id));
  return order ?? refuse(404, "There is no such order.");
}

function changeCart(id, body, change) {
  const order = found(id);
  if (!isCart(body)) refuse(400, "A cart is a list of a configurationId and a count each.");
  const updated = { ...order, cart: change(order.cart, body.map(inCart)) };
  updated.updatedAt = new Date().toISOString();
  updated.revision += 1;
  orders.set(order.id, updated);
  return updated;
}

function listOrders(query) {
  const page = positive(query, "page", 1);
  const perPage = positive(query, "perPage", 100);
  const wanted = platformOf(query);
  const fits = (order) =>
    ["orgId", "shortId", "originOrgId"].every((name) =>
      !query.has(name) || order[name] === query.get(name)) &&
    Object.entries(wanted).every(([name, value]) => order.platform?.[name] === value);
  const fitting = [...orders.values()].reverse().filter(fits);
  const shown = fitting.slice((page - 1) * perPage, page * perPage);
  return { orders: shown, page, perPage, sort: null, count: fitting.length };
}

function positive(query, name, usual) {
  if (!query.has(name)) return usual;
  if (!/^[1-9]\d{0,5}$/.test(query.get(name))) refuse(400, `${name} is not right.`);
  return Number(query.get(name));
}

function platformOf(query) {
  if (!query.has("platform")) return {};
  const platform = parsed(query.get("platform"), "platform");
  return isObject(platform) ? platform : refuse(400, "platform is an object written as JSON.");
}

// From a request to an answer

const ROUTES = [
  ["POST", /^\/api\/orders$/, (_, { body }) => [201, createOrder(body())]],
  ["GET", /^\/api\/orders$/, (_, { query }) => [200, listOrders(query)]],
  ["GET", /^\/api\/orders\/([^/]+)$/, ([id]) => [200, found(id)]],
  ["POST", /^\/api\/orders\/([^/]+)\/cart$/, ([id], { body }) =>
    [200, changeCart(id, body(), (cart, more) => [...cart, ...more])]],
  ["PUT", /^\/api\/orders\/([^/]+)\/cart$/, ([id], { body }) =>
    [200, changeCart(id, body(), (_, others) => others)]],
];

function answer(request, raw) {
  const [path, text = ""] = request.url.split("?", 2);
  const query = new URLSearchParams(text);
  const fitting = ROUTES.filter(([, pattern]) => pattern.test(path));
  if (fitting.length === 0) refuse(404, "There is nothing here.");
  const route = fitting.find(([method]) => method === request.method);
  if (route === undefined) refuse(405, "That cannot be done here.");
  authenticate(request.headers.authorization, query);
  const [, pattern, handle] = route;
  const parts = pattern.exec(path).slice(1).map(decoded);
  return handle(parts, { query, body: () => bodyOf(request, raw) });
}

function authenticate(authorization, query) {
  const [, token] = /^bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  const isKnown = query.has("bearer_token")
    ? query.getAll("bearer_token").every((given) => [PUBLIC_TOKEN, PRIVATE_TOKEN].includes(given))
    : token === PRIVATE_TOKEN;
  if (!isKnown) refuse(401, "A token is missing or not known.");
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse(404, "There is no such order.");
  }
}

function bodyOf(request, raw) {
  const [type] = (request.headers["content-type"] ?? "").toLowerCase().split(";");
  if (type.trim() !== "application/json") refuse(415, "A body is sent as application/json.");
  if (raw === null) refuse(413, "The body is too large.");
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(raw);
  } catch {
    refuse(400, "The body is not UTF-8.");
  }
  return parsed(text, "The body");
}

function parsed(text, what) {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(400, `${what} is not JSON.`);
  }
}

async function read(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size <= LARGEST_BODY ? Buffer.concat(chunks) : null;
}

const server = createServer({ keepAlive: true }, async (request, response) => {
  let status;
  let body;
  try {
    [status, body] = answer(request, await read(request));
    body = JSON.stringify(body);
  } catch (problem) {
    status = problem instanceof Refused ? problem.status : 500;
    const message = problem instanceof Refused ? problem.message : "Something went wrong.";
    body = JSON.stringify({ statusCode: status, message });
  }
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
});

server.listen(0, "127.0.0.1", () => {
  console.log(`Serving at http://127.0.0.1:${server.address().port}`);
});
