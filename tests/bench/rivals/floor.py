"""The floor: no GraphQL at all. One handler for each operation, asyncpg's rows, dictionaries, orjson."""

import base64
import os
from typing import Any

import asyncpg
import orjson
import uvicorn

CUSTOMER = "SELECT * FROM plain.customer WHERE id = $1"
SIGN_INS = "SELECT * FROM plain.sign_in WHERE customer_id = $1 ORDER BY at DESC, id DESC LIMIT $2"
PAYMENTS = "SELECT id, label, masked FROM plain.payment_method WHERE customer_id = $1 ORDER BY added_at, id"
QUEUE = "SELECT *, due_at <= now() AS overdue FROM plain.request WHERE open ORDER BY due_at, id LIMIT 21"
CUSTOMERS = "SELECT id, number, state FROM plain.customer WHERE id = any($1)"
LATEST = """SELECT e.* FROM unnest($1::uuid[]) AS r(id) CROSS JOIN LATERAL
    (SELECT request_id, at, action, title FROM plain.event WHERE request_id = r.id ORDER BY at DESC LIMIT 1) e"""
PREFERENCES = "SELECT * FROM plain.preferences WHERE customer_id = $1"


async def viewer(connection: Any, person: str) -> Any:
    row = await connection.fetchrow(CUSTOMER, person)
    return {
        "id": row["id"], "number": row["number"], "state": row["state"], "createdAt": row["created_at"],
        "profile": {
            "givenName": row["given_name"], "familyName": row["family_name"], "birthdate": row["birthdate"],
            "phoneNumber": row["phone_number"], "email": row["email"], "revision": row["revision"],
        },
    }  # fmt: skip


async def account_page(connection: Any, person: str) -> Any:
    row = await connection.fetchrow(CUSTOMER, person)
    rows = await connection.fetch(SIGN_INS, person, 11)
    payments = await connection.fetch(PAYMENTS, person)
    chosen = await connection.fetchrow(PREFERENCES, person)
    edges = [
        {
            "cursor": cursor(one),
            "node": {
                "id": one["id"], "at": one["at"], "outcome": one["outcome"], "method": one["method"], "ip": one["ip"],
                "isNewDevice": one["is_new_device"], "place": {"country": one["country"]},
                "userAgent": {"browser": one["browser"]},
            },
        }
        for one in rows[:10]
    ]  # fmt: skip
    return {
        "id": row["id"], "number": row["number"],
        "profile": {
            "givenName": row["given_name"], "familyName": row["family_name"], "birthdate": row["birthdate"],
            "address": {
                "streetAddress": row["street_address"], "locality": row["locality"], "postalCode": row["postal_code"],
                "country": row["country"],
            },
            "phoneNumber": row["phone_number"], "email": row["email"], "updatedAt": row["updated_at"],
        },
        "signIns": {"edges": edges, "pageInfo": page(rows, 10)},
        "paymentMethods": [dict(one) for one in payments],
        "preferences": {
            "locale": chosen["locale"], "timeZone": chosen["time_zone"], "theme": chosen["theme"],
            "newsByEmail": chosen["news_by_email"], "cookies": {"decidedAt": chosen["cookies_decided_at"]},
        },
    }  # fmt: skip


async def sign_ins(connection: Any, person: str) -> Any:
    row = await connection.fetchrow(CUSTOMER, person)
    rows = await connection.fetch(SIGN_INS, person, 51)
    nodes = [
        {
            "id": one["id"], "at": one["at"], "outcome": one["outcome"], "method": one["method"], "ip": one["ip"],
            "place": {"country": one["country"], "city": one["city"]}, "userAgent": {"browser": one["browser"]},
        }
        for one in rows[:50]
    ]  # fmt: skip
    page_of = {"nodes": nodes, "pageInfo": page(rows, 50)}
    return {"id": row["id"], "number": row["number"], "state": row["state"], "signIns": page_of}


async def queue(connection: Any, _: Any) -> Any:
    rows = await connection.fetch(QUEUE)
    customers = {one["id"]: one for one in await connection.fetch(CUSTOMERS, [one["customer_id"] for one in rows])}
    latest = {one["request_id"]: one for one in await connection.fetch(LATEST, [one["id"] for one in rows])}
    nodes = [
        {
            "id": one["id"], "number": one["number"], "kind": one["kind"], "status": one["status"],
            "receivedAt": one["received_at"], "dueAt": one["due_at"], "overdue": one["overdue"],
            "customer": hit(customers[one["customer_id"]]), "latestEvent": event(latest.get(one["id"])),
        }
        for one in rows[:20]
    ]  # fmt: skip
    return {"nodes": nodes, "pageInfo": page(rows, 20, "due_at")}


def hit(row: Any) -> Any:
    return {
        "id": row["id"], "number": row["number"], "state": row["state"], "maskedName": "•••", "maskedEmail": "•••@•••",
    }  # fmt: skip


def event(row: Any) -> Any:
    return {"at": row["at"], "action": row["action"], "title": row["title"]} if row else None


def cursor(row: Any, by: str = "at") -> str:
    return base64.urlsafe_b64encode(f"{row[by].isoformat()}|{row['id']}".encode()).decode()


def page(rows: Any, first: int, by: str = "at") -> Any:
    end = cursor(rows[min(len(rows), first) - 1], by) if rows else None
    return {"hasNextPage": len(rows) > first, "endCursor": end}


HANDLERS = {"A": viewer, "B": account_page, "C": sign_ins, "D": queue}


class App:
    """Raw ASGI."""

    pool: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.pool is None:
            self.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=10)
        asked = orjson.loads((await receive())["body"])
        async with self.pool.acquire() as connection:
            found = await HANDLERS[asked["operation"]](connection, asked.get("variables", {}).get("id"))
        body = orjson.dumps({"data": {"found": found}}, default=str)  # asyncpg has a UUID of its own
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        App(), host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", access_log=False, lifespan="off"
    )
