-- Records the ledger could not take. Each is kept for good, with what was decided on it and by whom.
CREATE TABLE dead_letters (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- where it stood when it was refused, which makes two deliveries of one letter the same
    topic         text        NOT NULL CHECK (topic ~ '^[a-zA-Z0-9._-]{1,249}$'),
    partition     integer     NOT NULL CHECK (partition >= 0),
    record_offset bigint      NOT NULL CHECK (record_offset >= 0),
    -- in ms, as Kafka has it: a topic that is made anew counts its offsets from 0 again
    published_at  bigint      NOT NULL,
    key           bytea       CHECK (octet_length(key) <= 65536),
    -- the beginning of it, where value_bytes says that it was longer, or null because nobody knows
    value         bytea       CHECK (octet_length(value) <= 10485760),
    value_bytes   integer     CHECK (value_bytes >= 0),
    headers       jsonb       NOT NULL CHECK (jsonb_typeof(headers) = 'array' AND octet_length(headers::text) <= 65536),
    reason        text        CHECK (reason IN ('UNREADABLE', 'REFUSED', 'CONFLICT', 'LATE')),
    cause         text        CHECK (char_length(cause) BETWEEN 1 AND 1000),
    -- what it is about, where that can be read; with a code the whole event can be
    campaign_id   text        CHECK (campaign_id ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
    member_id     text        CHECK (member_id ~ '^[!-~]{1,128}$'),
    serial        bigint      CHECK (serial >= 1),
    epoch         bigint      CHECK (epoch >= 1),
    code          text        CHECK (code ~ '^[0-9a-f]{20}$'),
    issued_at     timestamptz,
    status        text        NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'REPLAYED', 'DISCARDED')),
    stored_at     timestamptz NOT NULL DEFAULT now(),
    decided_at    timestamptz,
    decided_by    text        CHECK (char_length(decided_by) BETWEEN 1 AND 200),
    discard_reason text       CHECK (char_length(discard_reason) BETWEEN 1 AND 200),
    UNIQUE (topic, partition, record_offset, published_at),
    CONSTRAINT dead_letters_value_is_not_longer CHECK (value IS NULL OR (value_bytes IS NOT NULL AND octet_length(value) <= value_bytes)),
    CONSTRAINT dead_letters_event_is_whole CHECK (
        num_nulls(code, issued_at) IN (0, 2)
        AND (code IS NULL OR num_nulls(campaign_id, member_id, serial, epoch) = 0)),
    CONSTRAINT dead_letters_decision_is_whole CHECK (
        num_nonnulls(decided_at, decided_by) = CASE status WHEN 'OPEN' THEN 0 ELSE 2 END
        AND (discard_reason IS NOT NULL) = (status = 'DISCARDED'))
);

CREATE INDEX dead_letters_open ON dead_letters (id) WHERE status = 'OPEN';
CREATE INDEX dead_letters_campaign ON dead_letters (campaign_id, id);

CREATE FUNCTION refuse_to_decide_twice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dead letter % is decided', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'dead_letters_are_decided_once';
END $$;

CREATE TRIGGER dead_letters_are_decided_once
    BEFORE UPDATE OF status, decided_at, decided_by, discard_reason ON dead_letters
    FOR EACH ROW WHEN (OLD.status <> 'OPEN') EXECUTE FUNCTION refuse_to_decide_twice();

CREATE FUNCTION refuse_to_forget_dead_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dead letters are not deleted'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'dead_letters_are_kept';
END $$;

CREATE TRIGGER dead_letters_are_kept
    BEFORE DELETE OR TRUNCATE ON dead_letters
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget_dead_letters();
