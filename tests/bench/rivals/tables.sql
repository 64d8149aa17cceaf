-- The same customers in plain tables: as many rows, of the same size, with nothing sealed.
CREATE SCHEMA plain;
CREATE TABLE plain.customer AS SELECT
    id, number, state, created_at, updated_at, revision, 'Anna' AS given_name, 'Bērziņa' AS family_name,
    date '1950-01-01' + (random() * 18000)::int AS birthdate, 'Brīvības iela 7' AS street_address, 'Rīga' AS locality,
    'LV-1039' AS postal_code, 'LV' AS country, '+371' || (20000000 + row_number() OVER ()) AS phone_number,
    'made' || row_number() OVER () || '@example.com' AS email
    FROM public.customer;
ALTER TABLE plain.customer ADD PRIMARY KEY (id);
CREATE TABLE plain.sign_in AS SELECT
    id, customer_id, at, outcome, method, is_new_device, '81.198.0.' || (random() * 255)::int AS ip, 'LV' AS country,
    'Rīga' AS city, 'Firefox' AS browser
    FROM public.sign_in;
ALTER TABLE plain.sign_in ADD PRIMARY KEY (id), ADD FOREIGN KEY (customer_id) REFERENCES plain.customer;
CREATE INDEX ON plain.sign_in (customer_id, at, id);
CREATE TABLE plain.payment_method AS SELECT
    id, customer_id, kind, 'Account' AS label, '•••• 5001' AS masked, added_at
    FROM public.payment_method;
ALTER TABLE plain.payment_method ADD PRIMARY KEY (id), ADD FOREIGN KEY (customer_id) REFERENCES plain.customer;
CREATE INDEX ON plain.payment_method (customer_id);
CREATE TABLE plain.preferences AS SELECT customer_id, locale, time_zone, theme, news_by_email, cookies_decided_at
    FROM public.preferences;
ALTER TABLE plain.preferences ADD PRIMARY KEY (customer_id), ADD FOREIGN KEY (customer_id) REFERENCES plain.customer;
CREATE TABLE plain.request AS SELECT
    id, customer_id, number, kind, status, received_at, due_at, ended_at IS NULL AS open
    FROM public.rights_request;
ALTER TABLE plain.request ADD PRIMARY KEY (id), ADD FOREIGN KEY (customer_id) REFERENCES plain.customer;
CREATE INDEX ON plain.request (open, due_at, id);
CREATE TABLE plain.event AS SELECT
    e.id, r.id AS request_id, e.at, e.action, 'Request: ' || substr(e.action, 9) AS title
    FROM public.event e JOIN public.rights_request r ON e.fields_named ->> 0 = r.number;
ALTER TABLE plain.event ADD PRIMARY KEY (id), ADD FOREIGN KEY (request_id) REFERENCES plain.request;
CREATE INDEX ON plain.event (request_id, at);
-- What PostGraphile calls computed columns; the planner writes them out.
CREATE FUNCTION plain.request_overdue(r plain.request) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT r.open AND r.due_at <= now() $$;
CREATE FUNCTION plain.customer_masked_name(c plain.customer) RETURNS text LANGUAGE sql STABLE AS $$ SELECT '•••' $$;
CREATE FUNCTION plain.customer_masked_email(c plain.customer) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT '•••@•••' $$;
ANALYZE;
