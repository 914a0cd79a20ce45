CREATE TABLE orders (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client   text NOT NULL,
    key      text NOT NULL,
    item     integer NOT NULL CHECK (item > 0),
    quantity integer NOT NULL CHECK (quantity > 0),
    placed   timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (client, key)
);

CREATE INDEX orders_of_client ON orders (client, id);

-- What a client was answered: a draft that comes again gets the same answer.
CREATE TABLE idempotency (
    client  text NOT NULL,
    key     text NOT NULL,
    hash    bytea NOT NULL,
    answer  bytea,
    created timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (client, key)
);
