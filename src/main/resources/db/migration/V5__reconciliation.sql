-- Comparisons of Redis with the ledger, and what they found.
CREATE TABLE reconciliation_runs (
    id               bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id      text        NOT NULL REFERENCES campaigns (id),
    mode             text        NOT NULL CHECK (mode IN ('DETECT', 'REPAIR')),
    requested_by     text        NOT NULL CHECK (char_length(requested_by) BETWEEN 1 AND 200),
    status           text        NOT NULL DEFAULT 'QUEUED'
                                 CHECK (status IN ('QUEUED', 'RUNNING', 'COMPLETED', 'CANCELLED', 'FAILED')),
    phase            text        NOT NULL DEFAULT 'SCREENING'
                                 CHECK (phase IN ('SCREENING', 'EXAMINING', 'SETTLING', 'REPORTING')),
    winners          bigint      NOT NULL DEFAULT 0 CHECK (winners >= 0),
    ledger_rows      bigint      NOT NULL DEFAULT 0 CHECK (ledger_rows >= 0),
    examined         bigint      NOT NULL DEFAULT 0 CHECK (examined >= 0),
    findings         bigint      NOT NULL DEFAULT 0 CHECK (findings >= 0),
    repaired         bigint      NOT NULL DEFAULT 0 CHECK (repaired >= 0),
    quarantined      bigint      NOT NULL DEFAULT 0 CHECK (quarantined >= 0),
    truncated        boolean     NOT NULL DEFAULT false,
    cancel_requested boolean     NOT NULL DEFAULT false,
    requested_at     timestamptz NOT NULL DEFAULT now(),
    started_at       timestamptz,
    finished_at      timestamptz,
    reason           text        CHECK (char_length(reason) BETWEEN 1 AND 1000),
    CONSTRAINT reconciliation_runs_times_are_whole CHECK (
        (status = 'QUEUED' OR status = 'CANCELLED' OR started_at IS NOT NULL)
        AND (finished_at IS NOT NULL) = (status NOT IN ('QUEUED', 'RUNNING'))),
    CONSTRAINT reconciliation_runs_failures_have_a_reason CHECK ((reason IS NOT NULL) = (status = 'FAILED'))
);

-- Of a campaign, one at a time.
CREATE UNIQUE INDEX reconciliation_runs_current ON reconciliation_runs (campaign_id)
    WHERE status IN ('QUEUED', 'RUNNING');
CREATE INDEX reconciliation_runs_campaign ON reconciliation_runs (campaign_id, id);

CREATE TABLE reconciliation_findings (
    run_id      bigint      NOT NULL REFERENCES reconciliation_runs (id),
    number      bigint      NOT NULL CHECK (number >= 1),
    kind        text        NOT NULL CHECK (kind IN ('MISSING_IN_LEDGER', 'MISSING_IN_REDIS', 'CONFLICT', 'STOCK_DRIFT',
                                                     'OVERSOLD', 'ORPHAN_OUTBOX')),
    detail      text        CHECK (char_length(detail) BETWEEN 1 AND 100),
    serial      bigint,
    member_id   text        CHECK (member_id ~ '^[!-~]{1,128}$'),
    -- what either side has, without the coupon's code
    redis       jsonb,
    ledger      jsonb,
    expected    bigint,
    found       bigint,
    entry       text        CHECK (char_length(entry) BETWEEN 1 AND 100),
    disposition text        NOT NULL CHECK (disposition IN ('REPORTED', 'REPAIRED', 'REBUILDING', 'QUARANTINED', 'VANISHED')),
    note        text        CHECK (char_length(note) BETWEEN 1 AND 1000),
    found_at    timestamptz NOT NULL,
    PRIMARY KEY (run_id, number)
);

CREATE FUNCTION refuse_to_forget_reconciliations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reconciliations are not deleted'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'reconciliations_are_kept';
END $$;

CREATE TRIGGER reconciliation_runs_are_kept
    BEFORE DELETE OR TRUNCATE ON reconciliation_runs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget_reconciliations();

CREATE TRIGGER reconciliation_findings_are_kept
    BEFORE DELETE OR TRUNCATE ON reconciliation_findings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget_reconciliations();

-- A run that is over stays as it ended.
CREATE FUNCTION refuse_to_reopen_reconciliations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reconciliation % is over', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'reconciliations_end_once';
END $$;

CREATE TRIGGER reconciliations_end_once
    BEFORE UPDATE ON reconciliation_runs
    FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION refuse_to_reopen_reconciliations();

-- Which node may do what only one does at a time; the columns are ShedLock's.
CREATE TABLE shedlock (
    name       varchar(64)  NOT NULL PRIMARY KEY,
    lock_until timestamp    NOT NULL,
    locked_at  timestamp    NOT NULL,
    locked_by  varchar(255) NOT NULL
);
