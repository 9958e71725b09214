-- What the domain promises, the database holds by itself: nothing here relies on the application being right.

-- The benefit that a campaign hands out.
CREATE TABLE coupons (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title       text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    discount    text NOT NULL CHECK (char_length(discount) BETWEEN 1 AND 200),
    valid_until timestamptz
);

-- The drop: how many coupons, when, for whom.
CREATE TABLE campaigns (
    id          text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
    coupon_id   bigint NOT NULL REFERENCES coupons (id),
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    quantity    bigint NOT NULL CHECK (quantity BETWEEN 1 AND 1000000000),
    returned    bigint NOT NULL DEFAULT 0 CHECK (returned >= 0),
    opens_at    timestamptz NOT NULL,
    closes_at   timestamptz CHECK (closes_at > opens_at),
    eligibility text NOT NULL CHECK (eligibility IN ('EVERYONE', 'ALLOW_LIST')),
    state       text NOT NULL CHECK (state IN ('DRAFT', 'PUBLISHED', 'PAUSED', 'CLOSED', 'ARCHIVED')),
    version     bigint NOT NULL CHECK (version >= 1),
    epoch       bigint NOT NULL CHECK (epoch >= 1),
    armed       boolean NOT NULL,
    -- nobody can claim what was never armed
    CHECK (armed OR state = 'DRAFT')
);

-- The ledger: one row for every coupon that was issued.
CREATE TABLE coupon_issuances (
    campaign_id text NOT NULL REFERENCES campaigns (id),
    serial      bigint NOT NULL CHECK (serial >= 1),
    member_id   text NOT NULL CHECK (member_id ~ '^[!-~]{1,128}$'),
    code        text NOT NULL CHECK (code ~ '^[0-9a-f]{20}$'),
    epoch       bigint NOT NULL CHECK (epoch >= 1),
    issued_at   timestamptz NOT NULL,
    status      text NOT NULL CHECK (status IN ('ISSUED', 'REVOKED')),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (campaign_id, serial),
    UNIQUE (campaign_id, member_id),
    UNIQUE (code)
);

-- Never more than there are. Both sides of the comparison lock the campaign's row, so that neither a row of the ledger
-- nor a cut of the quantity can slip past the other.
CREATE FUNCTION refuse_serials_beyond_stock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    excess record;
BEGIN
    PERFORM FROM campaigns WHERE id IN (SELECT campaign_id FROM written) ORDER BY id FOR SHARE;
    SELECT w.campaign_id, w.serial INTO excess
    FROM written w JOIN campaigns c ON c.id = w.campaign_id
    WHERE w.serial > c.quantity + c.returned
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'serial % of campaign % is beyond its stock', excess.serial, excess.campaign_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'serial_within_stock';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER serial_within_stock_on_insert
    AFTER INSERT ON coupon_issuances REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_serials_beyond_stock();

CREATE TRIGGER serial_within_stock_on_update
    AFTER UPDATE ON coupon_issuances REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_serials_beyond_stock();

CREATE FUNCTION refuse_stock_below_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM coupon_issuances WHERE campaign_id = NEW.id AND serial > NEW.quantity + NEW.returned) THEN
        RAISE EXCEPTION 'campaign % has issued more than % coupons', NEW.id, NEW.quantity + NEW.returned
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_not_below_issued';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER stock_not_below_issued
    AFTER UPDATE OF quantity, returned ON campaigns
    FOR EACH ROW EXECUTE FUNCTION refuse_stock_below_issued();
