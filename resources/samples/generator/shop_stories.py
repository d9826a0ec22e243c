# SPDX-License-Identifier: GPL-3.0-or-later
"""The traces of the sample shop: what each kind of request does, and what goes wrong in it."""
from otlp_writer import CLIENT, CONSUMER, INTERNAL, PRODUCER, SERVER, Story

POSTGRES = {"db.system.name": "postgresql", "db.namespace": "shop", "server.address": "postgres.shop.internal", "server.port": 5432}
REDIS = {"db.system.name": "redis", "db.namespace": "0", "server.address": "redis.shop.internal", "server.port": 6379}
KAFKA = {"messaging.system": "kafka", "messaging.destination.name": "orders", "server.address": "kafka.shop.internal", "server.port": 9092}
PRODUCTS = ["OLJCESPC7Z", "66VCHSJNUP", "1YMWWN1N4O", "L9ECAV7KIM", "2ZYFJ3GM2N", "0PUK6V6EV0", "LS4PSXUNUM", "9SIQT8TOJO"]
CURRENCIES = ["EUR", "USD", "GBP", "JPY", "CHF", "SEK"]
DECLINE_STACK = """shop.payment.AcquirerException: card declined: insufficient funds
\tat shop.payment.AcquirerClient.charge(AcquirerClient.java:118)
\tat shop.payment.RetryPolicy.run(RetryPolicy.java:47)
\tat shop.payment.PaymentService.charge(PaymentService.java:83)
\tat io.grpc.stub.ServerCalls.invoke(ServerCalls.java:182)"""
TIMEOUT_STACK = """shop.payment.AcquirerTimeout: no answer from the acquirer within 300 ms
\tat shop.payment.AcquirerClient.await(AcquirerClient.java:141)
\tat shop.payment.AcquirerClient.charge(AcquirerClient.java:109)
\tat shop.payment.RetryPolicy.run(RetryPolicy.java:47)"""


def http(method, route, path, status, story, **more):
    return {"http.request.method": method, "http.route": route, "url.scheme": "https", "url.path": path,
            "http.response.status_code": status, "server.address": "shop.example.com", "network.protocol.version": "2",
            "client.address": f"203.0.113.{story.shop.random.between(2, 250)}", **more}


def query(story, service, name, sql, ms, **more):
    """A client span of a database that has no spans of its own."""
    with story.span(service, name, CLIENT, {**POSTGRES, "db.operation.name": name.split()[0], "db.query.text": sql, **more}) as span:
        story.work(ms)
        span.log("DEBUG", f"{name}: {more.get('db.response.returned_rows', 1)} row(s)")
    return span


def redis(story, service, command, key, ms=0.7):
    with story.span(service, command, CLIENT, {**REDIS, "db.operation.name": command, "db.query.text": f"{command} {key}"}) as span:
        story.work(ms)
        span.log("DEBUG", f"{command} {key}")


def convert(story, caller, money_from, money_to):
    with story.call(caller, "currency", "shop.Currency/Convert", 0.4,
                    {"shop.currency.from": money_from, "shop.currency.to": money_to}) as (_, server):
        story.work(0.9)
        age = story.shop.random.between(1, 59)
        server.event("rate looked up", shop__rate__age_s=age)
        server.log("DEBUG", f"{money_from} to {money_to}, rate {age} s old")


def get_product(story, caller, product):
    with story.call(caller, "catalog", "shop.Catalog/GetProduct", 0.5, {"shop.product.id": product}) as (_, server):
        story.work(0.8)
        query(story, "catalog", "SELECT products", "SELECT * FROM products WHERE id = $1", 2.2)
        server.log("DEBUG", f"product {product} read", shop__product__id=product)


def recommend(story, caller, count):
    with story.call(caller, "recommendation", "shop.Recommendation/List", 0.7) as (_, server):
        story.work(6)
        with story.span("recommendation", "rank candidates", INTERNAL, {"shop.candidates": 40 + count, "shop.model": "als-2026-02"}):
            story.work(11)
        server.log("INFO", f"recommended {count} products", shop__count=count)


def home(story):
    with story.span("frontend", "GET /", SERVER, http("GET", "/", "/", 200, story)) as root:
        story.work(2)
        story.parallel(lambda: recommend(story, "frontend", 5),
                       lambda: get_product(story, "frontend", story.shop.random.pick(PRODUCTS)),
                       lambda: convert(story, "frontend", "EUR", story.shop.random.pick(CURRENCIES)))
        with story.span("frontend", "render home") as page:
            story.work(7)
            page.log("DEBUG", "page home rendered")
        root.log("INFO", "GET / 200")


def stock(story, caller, product):
    """The inventory's host has a clock 40 ms ahead: its spans seem to end after the call that caused them."""
    with story.call(caller, "inventory", "shop.Inventory/GetStock", 0.5, {"shop.product.id": product}) as (_, server):
        story.work(1.2)
        redis(story, "inventory", "GET", f"stock:{product}")
        server.log("INFO", f"stock of {product}: {story.shop.random.between(0, 90)}")


def product_page(story):
    product = story.shop.random.pick(PRODUCTS)
    with story.span("frontend", "GET /product/{id}", SERVER, http("GET", "/product/{id}", f"/product/{product}", 200, story)) as root:
        story.work(1.5)
        get_product(story, "frontend", product)
        story.parallel(lambda: stock(story, "frontend", product), lambda: recommend(story, "frontend", 3))
        with story.span("frontend", "render product") as page:
            story.work(5)
            page.log("DEBUG", "page product rendered")
        root.log("INFO", "GET /product/{id} 200", shop__product__id=product)


def search(story, slow):
    words = "lamp with a very long cable" if slow else story.shop.random.pick(["lamp", "mug", "typewriter"])
    path = "/search?q=" + words.replace(" ", "+")
    with story.span("frontend", "GET /search", SERVER, http("GET", "/search", path.split("?")[0], 200, story, **{"url.query": path.split("?")[1]})) as root:
        story.work(1.2)
        with story.call("frontend", "catalog", "shop.Catalog/Search", 0.6, {"shop.search.text": words}) as (_, server):
            story.work(1)
            sql = "SELECT * FROM products WHERE description ILIKE '%' || $1 || '%' ORDER BY rank DESC LIMIT 40"
            query(story, "catalog", "SELECT products", sql, 2310 if slow else 9, **{"db.response.returned_rows": 40 if slow else 7})
            if slow:
                server.log("WARN", "slow query: 2.31 s, sequential scan on products (no index on description)", db__query__text=sql)
                server.event("slow query", shop__threshold_ms=500)
            story.work(2)
        with story.span("frontend", "render results") as page:
            story.work(6)
            page.log("DEBUG", "page results rendered")
        root.log("INFO", "GET /search 200")


def cart_page(story, items):
    """An N+1 pattern: one call for the cart, then one for each thing in it."""
    with story.span("frontend", "GET /cart", SERVER, http("GET", "/cart", "/cart", 200, story)) as root:
        story.work(1.2)
        with story.call("frontend", "cart", "shop.Cart/GetCart") as (_, server):
            redis(story, "cart", "HGETALL", "cart:8f21")
            server.log("DEBUG", f"cart has {items} items")
        for index in range(items):
            get_product(story, "frontend", PRODUCTS[index % len(PRODUCTS)])
        if items > 4:
            root.log("WARN", f"{items} catalog calls for one page", shop__calls=items)
        with story.span("frontend", "render cart") as page:
            story.work(4)
            page.log("DEBUG", "page cart rendered")


def add_to_cart(story):
    product = story.shop.random.pick(PRODUCTS)
    with story.span("frontend", "POST /cart", SERVER, http("POST", "/cart", "/cart", 303, story)) as root:
        story.work(1)
        stock(story, "frontend", product)
        with story.call("frontend", "cart", "shop.Cart/AddItem", 0.6, {"shop.product.id": product}) as (_, server):
            story.work(0.6)
            redis(story, "cart", "HINCRBY", f"cart:8f21 {product} 1")
            server.log("INFO", f"added {product}", shop__product__id=product)
        root.log("INFO", "POST /cart 303")


def fraud_check(story):
    with story.call("payment", "fraud", "shop.Fraud/Score", 0.8) as (_, server):
        story.work(9)
        query(story, "fraud", "SELECT card_history", "SELECT * FROM card_history WHERE card_hash = $1", 4)
        server.event("score", shop__fraud__score=0.07, shop__fraud__model="gbm-14")
        server.log("INFO", "score 0.07, below 0.6", shop__fraud__score=0.07)


def attempt(story, number, tls_ms, wait_ms, failure):
    """One try at the acquirer; the self time left over is what our own client needed."""
    attributes = {"http.request.method": "POST", "url.full": "https://acquirer.example.com/v1/charges", "server.address": "acquirer.example.com",
                  "server.port": 443, "http.request.resend_count": number - 1,
                  "http.request.header.authorization": ["Bearer not-a-real-token-7c1f09d2"]}
    with story.span("payment", "charge", CLIENT, attributes) as span:
        story.work(5)
        with story.span("payment", "tls handshake", INTERNAL, {"tls.protocol.version": "1.3"}):
            story.work(tls_ms)
        with story.span("payment", "await response"):
            story.work(wait_ms)
        story.work(3)
        if failure == "declined":
            span.attributes["http.response.status_code"] = 402
            span.throw("shop.payment.AcquirerException", "card declined: insufficient funds", DECLINE_STACK)
            span.log("ERROR", f"card declined (attempt {number})", shop__attempt=number, http__response__status_code=402)
        elif failure == "timeout":
            span.throw("shop.payment.AcquirerTimeout", "no answer from the acquirer within 300 ms", TIMEOUT_STACK)
            span.log("ERROR", f"acquirer timed out (attempt {number})", shop__attempt=number)
        else:
            span.attributes["http.response.status_code"] = 201
            span.log("INFO", f"charged 84.90 EUR (attempt {number})", shop__attempt=number)
    return span


def pay(story, attempts):
    """Charges the card, with retries. `attempts` = (tls ms, wait ms, failure or None) each. True where one went through."""
    with story.call("checkout", "payment", "shop.Payment/Charge", 0.9, {"shop.amount": 84.9, "shop.currency": "EUR"}) as (client, server):
        server.log("INFO", "charge 84.90 EUR, card ending 4242")
        fraud_check(story)
        for number, (tls_ms, wait_ms, failure) in enumerate(attempts, 1):
            attempt(story, number, tls_ms, wait_ms, failure)
            if failure and number < len(attempts):
                backoff = 20 * number
                server.event("retry", shop__attempt=number, shop__backoff_ms=backoff)
                secret = {"api_key": "demo-key-93ab17"} if number == 1 else {}
                server.log("WARN", f"retry {number + 1} of {len(attempts)} in {backoff} ms", **secret)
                story.work(backoff)
        if attempts[-1][2]:
            for span in (server, client):
                span.attributes["rpc.grpc.status_code"] = 9
                span.fail("payment failed after 3 attempts", "FAILED_PRECONDITION")
            server.log("ERROR", "payment failed after 3 attempts")
            return False
    return True


def prepare_order(story, rows, ms):
    """The catalogue reads the items of an order one by one: the N+1 query."""
    with story.span("checkout", "prepareOrder", INTERNAL, {"shop.items": rows}):
        story.work(2)
        with story.call("checkout", "catalog", "shop.Catalog/GetItems", 0.6, {"shop.items": rows}) as (_, server):
            query(story, "catalog", "SELECT order_lines", "SELECT item_id FROM order_lines WHERE order_id = $1", 4)
            for _ in range(rows):
                query(story, "catalog", "SELECT items", "SELECT * FROM items WHERE id = $1", ms)
            server.log("WARN" if rows > 10 else "INFO", f"{rows + 1} queries for one request", db__system__name="postgresql")
        currency = story.shop.random.pick(CURRENCIES[1:])
        for _ in range(min(5, rows)):
            convert(story, "checkout", currency, "EUR")


def reserve(story, items):
    with story.call("checkout", "inventory", "shop.Inventory/Reserve", 0.6, {"shop.items": items}) as (_, server):
        story.work(2)
        for index in range(items):
            redis(story, "inventory", "DECRBY", f"stock:{PRODUCTS[index % len(PRODUCTS)]} 1")
        server.log("INFO", f"reserved {items} items")


def ship(story):
    with story.call("checkout", "shipping", "shop.Shipping/Quote", 0.6, {"shop.country": "CH"}) as (_, server):
        story.work(3)
        with story.span("shipping", "GET", CLIENT, {"http.request.method": "GET", "url.full": "https://rates.carrier.example.net/v2/quote?zip=8004&api_key=demo-carrier-5512",
                                                    "server.address": "rates.carrier.example.net", "server.port": 443, "http.response.status_code": 200}):
            story.work(58)
        server.log("INFO", "quote 6.50 CHF, 2 days", shop__cost=6.5)


def checkout(story, rows=6, row_ms=2.4, items=3, attempts=((22, 90, None),), total_ms=None):
    """POST /checkout. Returns the producer span of the order, or None where the payment failed."""
    sent = None
    with story.span("frontend", "POST /checkout", SERVER, http("POST", "/checkout", "/checkout", 200, story, **{
            "http.request.header.cookie": ["session=demo-session-41c7; theme=dark"], "user_agent.original": "Mozilla/5.0 (X11; Linux x86_64) Firefox/136.0"})) as root:
        root.log("INFO", "POST /checkout begins", shop__cart__id="8f21")
        with story.span("frontend", "validate session"):
            story.work(6)
        with story.call("frontend", "checkout", "shop.Checkout/PlaceOrder") as (client, server):
            order = f"ord-{story.shop.random.between(10000, 99999)}"
            server.attributes["shop.order.id"] = order
            server.log("INFO", f"order {order} begins", shop__order__id=order)
            with story.call("checkout", "cart", "shop.Cart/GetCart") as (_, cart):
                redis(story, "cart", "HGETALL", "cart:8f21", 1.1)
                cart.log("DEBUG", f"cart has {items} items")
            prepare_order(story, rows, row_ms)
            story.parallel(lambda: reserve(story, items), lambda: ship(story))
            if pay(story, attempts):
                with story.span("checkout", "send orders", PRODUCER, {**KAFKA, "messaging.operation.type": "send", "messaging.operation.name": "send",
                                                                      "messaging.message.id": order, "messaging.kafka.offset": story.shop.random.between(8000, 9000)}) as sent:
                    story.work(3)
                with story.call("checkout", "cart", "shop.Cart/EmptyCart") as (_, cart):
                    redis(story, "cart", "DEL", "cart:8f21")
                server.log("INFO", f"order {order} placed", shop__order__id=order)
            else:
                for span in (server, client):
                    span.attributes["rpc.grpc.status_code"] = 9
                    span.fail("payment failed", "FAILED_PRECONDITION")
                server.log("ERROR", f"order {order} abandoned: payment failed", shop__order__id=order)
        if sent is None:
            root.attributes["http.response.status_code"] = 502
            root.fail("checkout failed", "502")
            root.log("ERROR", "POST /checkout 502")
        else:
            with story.span("frontend", "render confirmation") as page:
                story.work(9)
                page.log("DEBUG", "page confirmation rendered")
            if total_ms:
                story.until(total_ms)
            root.log("INFO", "POST /checkout 200")
    return sent


def consume(shop, service, name, sent, delay_ms):
    """An asynchronous consumer: a trace of its own, joined by links to the orders it took from the queue."""
    story = Story(shop, (max(span.end for span in sent) - shop.epoch) // 1_000_000 + delay_ms)
    attributes = {**KAFKA, "messaging.operation.type": "process", "messaging.operation.name": "process",
                  "messaging.consumer.group.name": service, "messaging.batch.message_count": len(sent)}
    with story.span(service, "process orders", CONSUMER, attributes) as root:
        for span in sent:
            root.link(span, messaging__message__id=span.attributes["messaging.message.id"])
        story.work(2)
        if service == "accounting":
            query(story, service, "INSERT ledger", "INSERT INTO ledger (order_id, amount, currency) VALUES ($1, $2, $3)", 5)
        else:
            with story.span(service, "render mail", INTERNAL, {"shop.template": "confirmation.de"}):
                story.work(8)
            with story.span(service, "SMTP send", CLIENT, {"server.address": "smtp.mail.example.org", "server.port": 587, "network.transport": "tcp"}):
                story.work(64)
        root.log("INFO", f"{name}: {len(sent)} order(s) done", messaging__batch__message_count=len(sent))


def orphan(story):
    """The proxy that began this trace never reported: the parent of the shop's spans is missing."""
    missing = story.shop.random.id(8)
    with story.span("shipping", "GET /track/{parcel}", SERVER, http("GET", "/track/{parcel}", "/track/CH-4471-09", 200, story), parent=missing) as root:
        story.work(2)
        convert(story, "shipping", "CHF", "EUR")
        query(story, "shipping", "SELECT parcels", "SELECT * FROM parcels WHERE code = $1", 3)
        root.log("INFO", "parcel CH-4471-09 is in Zürich")


def refresh_rates(story):
    with story.span("currency", "refresh rates", INTERNAL, {"shop.trigger": "timer"}) as root:
        for currency in CURRENCIES:
            with story.span("currency", "GET", CLIENT, {"http.request.method": "GET", "url.full": f"https://rates.ecb.example.eu/latest/{currency}",
                                                        "server.address": "rates.ecb.example.eu", "server.port": 443, "http.response.status_code": 200}) as span:
                story.work(31)
                span.log("DEBUG", f"{currency} read")
        root.log("INFO", f"{len(CURRENCIES)} rates refreshed")
