-- What operators do with campaigns, and the record of it.

ALTER TABLE campaigns
    ADD COLUMN allow_list         bigint NOT NULL DEFAULT 0 CHECK (allow_list >= 0),
    ADD COLUMN allow_list_members bigint NOT NULL DEFAULT 0 CHECK (allow_list_members >= 0),
    ADD COLUMN retained_until     timestamptz,
    ADD CONSTRAINT campaigns_allow_list_is_whole CHECK ((allow_list = 0) = (allow_list_members = 0)),
    ADD CONSTRAINT campaigns_name_is_a_line CHECK (name ~ '[^[:space:]]' AND name !~ '[[:cntrl:]]'),
    ADD CONSTRAINT campaigns_retention_check CHECK ((state = 'ARCHIVED') = (retained_until IS NOT NULL));

ALTER TABLE coupons
    ADD CONSTRAINT coupons_are_lines CHECK (
        title ~ '[^[:space:]]' AND title !~ '[[:cntrl:]]' AND discount ~ '[^[:space:]]' AND discount !~ '[[:cntrl:]]');

-- Allow-lists as they were uploaded. A list counts once its campaign names it.
CREATE SEQUENCE allow_lists;

CREATE TABLE eligible_members (
    campaign_id text   NOT NULL REFERENCES campaigns (id),
    allow_list  bigint NOT NULL,
    member_id   text   COLLATE "C" NOT NULL CHECK (member_id ~ '^[!-~]{1,128}$'),
    PRIMARY KEY (campaign_id, allow_list, member_id)
);

-- Each adjustment of stock under the key it was asked for with, so that one that is asked for twice is made once.
CREATE TABLE stock_adjustments (
    campaign_id     text        NOT NULL REFERENCES campaigns (id),
    idempotency_key text        NOT NULL CHECK (idempotency_key ~ '^[!-~]{1,128}$'),
    delta           bigint      NOT NULL CHECK (delta <> 0),
    reason          text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 200),
    quantity        bigint      NOT NULL,
    version         bigint      NOT NULL,
    adjusted_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (campaign_id, idempotency_key)
);

-- Coupons that are taken back. One that is not completed yet is carried on with.
CREATE TABLE revocations (
    campaign_id     text        NOT NULL,
    serial          bigint      NOT NULL,
    reason          text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 200),
    return_to_stock boolean     NOT NULL,
    requested_at    timestamptz NOT NULL DEFAULT now(),
    completed_at    timestamptz,
    PRIMARY KEY (campaign_id, serial),
    FOREIGN KEY (campaign_id, serial) REFERENCES coupon_issuances (campaign_id, serial)
);

CREATE INDEX revocations_to_complete ON revocations (campaign_id, serial) WHERE completed_at IS NULL;

-- A coupon comes back to the stock only by being taken from somebody.
CREATE INDEX coupon_issuances_revoked ON coupon_issuances (campaign_id, serial) WHERE status = 'REVOKED';

CREATE FUNCTION refuse_returns_without_revocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.returned > (SELECT count(*) FROM coupon_issuances WHERE campaign_id = NEW.id AND status = 'REVOKED') THEN
        RAISE EXCEPTION 'campaign % has more coupons returned than revoked', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'returned_not_above_revoked';
    END IF;
    RETURN NULL;
END $$;

-- At the end of the transaction, because the campaign is locked and changed before the coupon is.
CREATE CONSTRAINT TRIGGER returned_not_above_revoked
    AFTER UPDATE OF returned ON campaigns DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.returned > OLD.returned) EXECUTE FUNCTION refuse_returns_without_revocation();

-- Who did what. It is added to, and nothing else.
CREATE TABLE audit_log (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT now(),
    operator text        NOT NULL,
    action   text        NOT NULL,
    subject  text        NOT NULL,
    before   jsonb,
    after    jsonb
);

CREATE INDEX audit_log_subject ON audit_log (subject, id);

CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is not changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_log_is_kept';
END $$;

CREATE TRIGGER audit_log_is_kept
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_history();
