-- What a rebuild of a campaign needs of the ledger: epochs that end, and serials that nobody will ever have.

-- Serials that were decided and lost, or may have been. They count as issued and are not given out again.
CREATE TABLE voided_serials (
    campaign_id text        NOT NULL REFERENCES campaigns (id),
    serial      bigint      NOT NULL CHECK (serial >= 1),
    epoch       bigint      NOT NULL CHECK (epoch >= 1),
    voided_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (campaign_id, serial)
);

DROP TRIGGER serial_within_stock_on_insert ON coupon_issuances;
DROP TRIGGER serial_within_stock_on_update ON coupon_issuances;
DROP FUNCTION refuse_serials_beyond_stock();

-- A new row is judged by its campaign as it is once nobody else holds the campaign's row: it has to be within the
-- stock, of an epoch that is not over, and of a serial that is not void. The names of the rules are in the messages
-- too, because drivers tell the constraint of an error in ways of their own.
--
-- Void serials are looked for only where some are near, one by one and by index, whatever the planner thought of the
-- table when it was small: a campaign that was never rebuilt pays nothing for them.
CREATE FUNCTION refuse_rows_their_campaign_rules_out() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    rows record;
    void bigint;
BEGIN
    PERFORM FROM campaigns WHERE id IN (SELECT campaign_id FROM written) ORDER BY id FOR SHARE;
    FOR rows IN
        SELECT c.id, c.quantity + c.returned AS stock, c.epoch, w.first, w.last, w.earliest
        FROM campaigns c JOIN (
            SELECT campaign_id, min(serial) AS first, max(serial) AS last, min(epoch) AS earliest
            FROM written GROUP BY campaign_id) AS w ON w.campaign_id = c.id
    LOOP
        IF rows.last > rows.stock THEN
            RAISE EXCEPTION 'serial % of campaign % is beyond its stock (serial_within_stock)', rows.last, rows.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'serial_within_stock';
        END IF;
        IF rows.earliest < rows.epoch THEN
            RAISE EXCEPTION 'a new row of campaign % is of epoch %, which is over (epoch_not_over)', rows.id, rows.earliest
                USING ERRCODE = 'check_violation', CONSTRAINT = 'epoch_not_over';
        END IF;
        IF EXISTS (SELECT FROM voided_serials WHERE campaign_id = rows.id AND serial BETWEEN rows.first AND rows.last) THEN
            SELECT w.serial INTO void
            FROM written w CROSS JOIN LATERAL (
                SELECT FROM voided_serials v WHERE v.campaign_id = w.campaign_id AND v.serial = w.serial LIMIT 1) AS lookup
            WHERE w.campaign_id = rows.id
            LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'serial % of campaign % is void (serial_not_voided)', void, rows.id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'serial_not_voided';
            END IF;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER rows_as_their_campaign_allows
    AFTER INSERT ON coupon_issuances REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_their_campaign_rules_out();

-- A row that gets another serial is judged as well; one that keeps it, because its status changes, does not even look
-- at the campaign, and so waits for nobody.
CREATE FUNCTION refuse_moves_their_campaign_rules_out() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stock bigint;
BEGIN
    SELECT quantity + returned INTO stock FROM campaigns WHERE id = NEW.campaign_id FOR SHARE;
    IF NEW.serial > stock THEN
        RAISE EXCEPTION 'serial % of campaign % is beyond its stock (serial_within_stock)', NEW.serial, NEW.campaign_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'serial_within_stock';
    END IF;
    IF EXISTS (SELECT FROM voided_serials WHERE campaign_id = NEW.campaign_id AND serial = NEW.serial) THEN
        RAISE EXCEPTION 'serial % of campaign % is void (serial_not_voided)', NEW.serial, NEW.campaign_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'serial_not_voided';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER moves_as_their_campaign_allows
    AFTER UPDATE OF campaign_id, serial ON coupon_issuances
    FOR EACH ROW WHEN ((NEW.campaign_id, NEW.serial) IS DISTINCT FROM (OLD.campaign_id, OLD.serial))
    EXECUTE FUNCTION refuse_moves_their_campaign_rules_out();

-- The other side of it. The lock excludes new rows of the campaign, which share theirs with each other.
CREATE FUNCTION refuse_voids_their_campaign_rules_out() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    refused record;
BEGIN
    PERFORM FROM campaigns WHERE id IN (SELECT campaign_id FROM written) ORDER BY id FOR NO KEY UPDATE;
    SELECT w.campaign_id, w.serial INTO refused
    FROM written w JOIN campaigns c ON c.id = w.campaign_id
    WHERE w.serial > c.quantity + c.returned
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'serial % of campaign % is beyond its stock (void_within_stock)', refused.serial, refused.campaign_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'void_within_stock';
    END IF;
    SELECT w.campaign_id, w.serial INTO refused
    FROM written w JOIN coupon_issuances i ON i.campaign_id = w.campaign_id AND i.serial = w.serial
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'serial % of campaign % is issued (void_not_issued)', refused.serial, refused.campaign_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'void_not_issued';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER voids_as_their_campaign_allows_on_insert
    AFTER INSERT ON voided_serials REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_voids_their_campaign_rules_out();

CREATE TRIGGER voids_as_their_campaign_allows_on_update
    AFTER UPDATE ON voided_serials REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_voids_their_campaign_rules_out();

-- A void serial counts as issued.
CREATE OR REPLACE FUNCTION refuse_stock_below_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM coupon_issuances WHERE campaign_id = NEW.id AND serial > NEW.quantity + NEW.returned)
            OR EXISTS (SELECT FROM voided_serials WHERE campaign_id = NEW.id AND serial > NEW.quantity + NEW.returned) THEN
        RAISE EXCEPTION 'campaign % has issued more than % coupons', NEW.id, NEW.quantity + NEW.returned
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_not_below_issued';
    END IF;
    RETURN NEW;
END $$;

-- A coupon that was taken back may have been issued to somebody else since.
CREATE FUNCTION refuse_to_give_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'serial % of campaign % stays revoked (revoked_stays_revoked)', NEW.serial, NEW.campaign_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'revoked_stays_revoked';
END $$;

CREATE TRIGGER revoked_stays_revoked
    BEFORE UPDATE OF status ON coupon_issuances
    FOR EACH ROW WHEN (OLD.status = 'REVOKED' AND NEW.status <> 'REVOKED') EXECUTE FUNCTION refuse_to_give_back();

-- An epoch that is over stays over.
CREATE FUNCTION refuse_epochs_that_sink() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the epoch of campaign % is % already (epoch_not_sinking)', NEW.id, OLD.epoch
        USING ERRCODE = 'check_violation', CONSTRAINT = 'epoch_not_sinking';
END $$;

CREATE TRIGGER epoch_not_sinking
    AFTER UPDATE OF epoch ON campaigns
    FOR EACH ROW WHEN (NEW.epoch < OLD.epoch) EXECUTE FUNCTION refuse_epochs_that_sink();
