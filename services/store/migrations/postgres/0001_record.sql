-- The record of everything. Personal data stands only in the sealed columns: ephemeral, wrapped_key, identity,
-- contact, protection, free_text, blob, body. Their storage is external: ciphertext does not compress.
-- Tables whose rows pass through states are filled to 70 %, and what indexes depend on changes rarely, so that
-- most updates stay on their page and touch no index.

-- time -----------------------------------------------------------------------------------------------------------

CREATE TABLE clock (
    one integer PRIMARY KEY CHECK (one = 1),
    offset_ms bigint NOT NULL CHECK (offset_ms >= 0)
);
INSERT INTO clock VALUES (1, 0);

CREATE TABLE lease (
    name text PRIMARY KEY,
    holder uuid NOT NULL,
    until_ms bigint NOT NULL
);

-- operators, actions, audit --------------------------------------------------------------------------------------

CREATE TABLE staff (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    key bytea NOT NULL,
    role text NOT NULL,
    drill boolean NOT NULL,
    revoked_at bigint
);

CREATE TABLE action (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    nonce uuid NOT NULL UNIQUE,
    expires_at bigint NOT NULL,
    proposed_at bigint NOT NULL,
    executed_at bigint
);

CREATE TABLE endorsement (
    action uuid NOT NULL REFERENCES action (id),
    place integer NOT NULL,
    staff uuid NOT NULL,
    signature bytea NOT NULL,
    PRIMARY KEY (action, staff)
);

CREATE TABLE audit (
    seq bigint PRIMARY KEY,
    at bigint NOT NULL,
    actor text NOT NULL,
    what text NOT NULL,
    subject text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL
);
-- The head is kept apart, so that a tail that was cut off is missed.
CREATE TABLE audit_head (
    one integer PRIMARY KEY CHECK (one = 1),
    seq bigint NOT NULL,
    hash bytea NOT NULL
);
INSERT INTO audit_head VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only' USING ERRCODE = '23001', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION append_only();

-- incidents, Societies, gateways ---------------------------------------------------------------------------------

CREATE TABLE incident (
    id uuid PRIMARY KEY,
    drill boolean NOT NULL,
    version integer NOT NULL,
    facts text NOT NULL,
    key_version integer NOT NULL,
    public_key bytea NOT NULL,
    wrapped_secret bytea NOT NULL,
    wrapped_index bytea NOT NULL,
    record_epoch bigint NOT NULL DEFAULT 1,
    UNIQUE (id, drill)
);
-- Synthetic or real, for ever.
CREATE FUNCTION kind_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.drill <> NEW.drill THEN
        RAISE EXCEPTION 'kind' USING ERRCODE = '23514', CONSTRAINT = TG_TABLE_NAME || '_kind_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incident_kind BEFORE UPDATE OF drill ON incident FOR EACH ROW EXECUTE FUNCTION kind_stays();

CREATE TABLE incident_facts (
    incident uuid NOT NULL REFERENCES incident (id),
    version integer NOT NULL,
    facts text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (incident, version)
);

CREATE TABLE society (
    code text PRIMARY KEY,
    context text NOT NULL
);

CREATE TABLE gateway (
    society text NOT NULL,
    kid text NOT NULL,
    drill boolean NOT NULL,
    sealing_jwk text NOT NULL,
    verifying_jwk text NOT NULL,
    state text NOT NULL CHECK (state IN ('active', 'retiring', 'revoked')),
    PRIMARY KEY (society, kid),
    UNIQUE (society, kid, drill)
);
CREATE TRIGGER gateway_kind BEFORE UPDATE OF drill ON gateway FOR EACH ROW EXECUTE FUNCTION kind_stays();

-- Locked while a gateway's credit is handed out.
CREATE TABLE credit (
    society text NOT NULL,
    drill boolean NOT NULL,
    PRIMARY KEY (society, drill)
);

-- import ---------------------------------------------------------------------------------------------------------

CREATE TABLE import (
    id uuid PRIMARY KEY,
    incident uuid NOT NULL REFERENCES incident (id),
    society text NOT NULL,
    system text NOT NULL,
    file_digest bytea NOT NULL,
    manifest text NOT NULL,
    state text NOT NULL CHECK (state IN ('staging', 'staged', 'applied', 'abandoned')),
    rows_read bigint NOT NULL DEFAULT 0,
    place bigint NOT NULL,
    begun_at bigint NOT NULL
);
-- Two files of one register at once are imported one after the other.
CREATE UNIQUE INDEX import_one_open ON import (incident, society, system) WHERE state IN ('staging', 'staged');

CREATE TABLE staging (
    import uuid NOT NULL,
    record_key bytea NOT NULL,
    row_no bigint NOT NULL,
    content_hash bytea NOT NULL,
    record uuid NOT NULL,
    ephemeral bytea NOT NULL,
    wrapped_key bytea NOT NULL,
    identity bytea NOT NULL,
    contact bytea NOT NULL,
    protection bytea NOT NULL,
    free_text bytea NOT NULL,
    key_version integer NOT NULL,
    PRIMARY KEY (import, record_key, row_no)
);

CREATE TABLE quarantine (
    import uuid NOT NULL,
    row_no bigint NOT NULL,
    column_name text NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (import, row_no)
);

CREATE TABLE unchanged (
    import uuid NOT NULL,
    row_no bigint NOT NULL,
    record uuid NOT NULL,
    PRIMARY KEY (import, row_no)
);

CREATE TABLE record (
    incident uuid NOT NULL,
    id uuid NOT NULL,
    society text NOT NULL,
    version integer NOT NULL,
    record_key bytea NOT NULL,
    content_hash bytea NOT NULL,
    import uuid NOT NULL,
    brought_by uuid NOT NULL,
    at bigint NOT NULL,
    ephemeral bytea NOT NULL,
    wrapped_key bytea NOT NULL,
    identity bytea NOT NULL,
    contact bytea NOT NULL,
    protection bytea NOT NULL,
    free_text bytea NOT NULL,
    key_version integer NOT NULL,
    PRIMARY KEY (incident, id),
    CONSTRAINT record_key_once UNIQUE (incident, record_key)
);

-- What an update replaced: its restrictions count until a person loosens them.
CREATE TABLE record_version (
    incident uuid NOT NULL,
    record uuid NOT NULL,
    version integer NOT NULL,
    import uuid NOT NULL,
    brought_by uuid NOT NULL,
    at bigint NOT NULL,
    ephemeral bytea NOT NULL,
    wrapped_key bytea NOT NULL,
    identity bytea NOT NULL,
    contact bytea NOT NULL,
    protection bytea NOT NULL,
    free_text bytea NOT NULL,
    key_version integer NOT NULL,
    PRIMARY KEY (incident, record, version)
);

-- dedupe ---------------------------------------------------------------------------------------------------------

CREATE TABLE person (
    incident uuid NOT NULL,
    id uuid NOT NULL,
    facts_version integer NOT NULL DEFAULT 1,
    superseded_by uuid,
    PRIMARY KEY (incident, id)
) WITH (fillfactor = 70);

-- Apart from the record, which is wide: linking again rewrites narrow rows only.
CREATE TABLE link (
    record uuid PRIMARY KEY,
    person uuid NOT NULL,
    incident uuid NOT NULL
);
CREATE INDEX link_person ON link (person);

CREATE TABLE address (
    record uuid NOT NULL,
    idx integer NOT NULL,
    incident uuid NOT NULL,
    version integer NOT NULL,
    grp uuid NOT NULL,
    others integer NOT NULL,
    conflict boolean NOT NULL,
    declared_unsafe boolean NOT NULL,
    PRIMARY KEY (record, idx)
);
CREATE INDEX address_grp ON address (grp);

-- Groups that a receipt closed for everybody.
CREATE TABLE unsafe_group (
    grp uuid PRIMARY KEY,
    since bigint NOT NULL
);

CREATE TABLE relation (
    record uuid NOT NULL,
    idx integer NOT NULL,
    incident uuid NOT NULL,
    person uuid NOT NULL,
    PRIMARY KEY (record, idx)
);

CREATE TABLE candidate (
    a uuid NOT NULL,
    b uuid NOT NULL,
    incident uuid NOT NULL,
    incompatible boolean NOT NULL,
    PRIMARY KEY (a, b)
);
CREATE INDEX candidate_b ON candidate (b);

CREATE TABLE pair (
    a uuid NOT NULL,
    b uuid NOT NULL,
    incident uuid NOT NULL,
    weight_milli integer NOT NULL,
    probability_milli integer NOT NULL,
    outcome text NOT NULL,
    evidence text NOT NULL,
    PRIMARY KEY (a, b)
);

CREATE TABLE verdict (
    incident uuid NOT NULL,
    a uuid NOT NULL,
    b uuid NOT NULL,
    same boolean NOT NULL,
    staff uuid NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (incident, a, b)
);

CREATE TABLE statement (
    id uuid PRIMARY KEY,
    incident uuid NOT NULL,
    record uuid NOT NULL,
    blob bytea NOT NULL,
    tightening boolean NOT NULL,
    at bigint NOT NULL,
    staff uuid NOT NULL
);
CREATE INDEX statement_record ON statement (record);

CREATE TABLE lift (
    id uuid PRIMARY KEY,
    incident uuid NOT NULL,
    person uuid NOT NULL,
    rule text NOT NULL,
    routes text NOT NULL,
    level text NOT NULL,
    reason text NOT NULL,
    expires_at bigint NOT NULL,
    facts_version integer NOT NULL
);
CREATE INDEX lift_person ON lift (person);

-- plan -----------------------------------------------------------------------------------------------------------

CREATE TABLE campaign (
    id uuid PRIMARY KEY,
    incident uuid NOT NULL,
    drill boolean NOT NULL,
    choice text NOT NULL,
    signing_key bytea NOT NULL,
    certificate text NOT NULL,
    state text NOT NULL
        CHECK (state IN ('draft', 'planned', 'approved', 'running', 'paused', 'stopped', 'closed')),
    manifest text,
    action uuid,
    launched_at bigint,
    open_rank bigint NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    UNIQUE (id, drill),
    -- Only synthetic incidents are drilled, and they are only drilled.
    CONSTRAINT campaign_incident_kind FOREIGN KEY (incident, drill) REFERENCES incident (id, drill)
);
CREATE TRIGGER campaign_kind BEFORE UPDATE OF drill ON campaign FOR EACH ROW EXECUTE FUNCTION kind_stays();

CREATE TABLE notification (
    id uuid PRIMARY KEY,
    campaign uuid NOT NULL,
    incident uuid NOT NULL,
    person uuid NOT NULL,
    state text NOT NULL
        CHECK (state IN ('planned', 'held', 'deferred', 'approved', 'in_progress', 'reached_neutral', 'unconfirmed',
                         'informed', 'exhausted', 'withdrawn', 'superseded', 'substituted')),
    outcome integer NOT NULL DEFAULT 0,
    decision_version integer NOT NULL,
    approved_version integer,
    facts_version integer NOT NULL,
    steps_digest bytea NOT NULL,
    plan_digest bytea NOT NULL,
    steps integer NOT NULL,
    next_step integer NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    open_attempt uuid,
    audience text NOT NULL,
    society text,
    reasons text NOT NULL,
    rules text NOT NULL,
    groups text NOT NULL,
    valid_until bigint NOT NULL,
    due_at bigint,
    review_at bigint,
    rank integer NOT NULL,
    CONSTRAINT notification_once UNIQUE (campaign, person)
) WITH (fillfactor = 70);

CREATE TABLE step (
    notification uuid NOT NULL,
    decision_version integer NOT NULL,
    step_no integer NOT NULL,
    society text NOT NULL,
    channel text NOT NULL,
    level text NOT NULL,
    grp uuid,
    shared boolean NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (notification, decision_version, step_no, society, channel)
);

CREATE TABLE outside (
    campaign uuid NOT NULL,
    person uuid NOT NULL,
    reason text NOT NULL,
    facts_version integer NOT NULL,
    PRIMARY KEY (campaign, person)
);

-- What may be released, small and emptied as it goes: nothing scans a large table for work.
CREATE TABLE due (
    notification uuid PRIMARY KEY,
    campaign uuid NOT NULL,
    society text NOT NULL,
    due_at bigint NOT NULL,
    rank integer NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
CREATE INDEX due_next ON due (campaign, society, due_at, rank);

-- release, localise, dispatch, record ----------------------------------------------------------------------------

CREATE TABLE attempt (
    id uuid PRIMARY KEY,
    notification uuid NOT NULL,
    decision_version integer NOT NULL,
    step_no integer NOT NULL,
    try_no integer NOT NULL,
    society text NOT NULL,
    channel text NOT NULL,
    campaign uuid NOT NULL,
    incident uuid NOT NULL,
    drill boolean NOT NULL,
    state text NOT NULL
        CHECK (state IN ('released', 'sealed', 'dispatched', 'accepted', 'sent', 'delivered', 'informed', 'failed',
                         'expired', 'returned', 'recalling', 'withdrawn', 'too_late', 'harmful', 'opted_out')),
    open boolean NOT NULL,
    holds_credit boolean NOT NULL,
    receipt_mask integer NOT NULL DEFAULT 0,
    level text NOT NULL,
    form text NOT NULL,
    shared boolean NOT NULL,
    tried boolean NOT NULL DEFAULT true,
    facts_version integer NOT NULL,
    released_at bigint NOT NULL,
    since bigint NOT NULL,
    not_after bigint NOT NULL,
    deadline bigint,
    kid text,
    dispatches integer NOT NULL DEFAULT 0,
    void_reason text,
    -- The third gate: what the planner did not permit cannot be tried, whatever the code does.
    CONSTRAINT attempt_permitted FOREIGN KEY (notification, decision_version, step_no, society, channel)
        REFERENCES step (notification, decision_version, step_no, society, channel),
    -- Campaign and key are of one kind.
    CONSTRAINT attempt_campaign_kind FOREIGN KEY (campaign, drill) REFERENCES campaign (id, drill),
    CONSTRAINT attempt_key_kind FOREIGN KEY (society, kid, drill) REFERENCES gateway (society, kid, drill),
    CONSTRAINT attempt_once UNIQUE (notification, decision_version, step_no, try_no)
) WITH (fillfactor = 70);
-- At most one open attempt per notification.
CREATE UNIQUE INDEX attempt_one_open ON attempt (notification) WHERE open;
CREATE INDEX attempt_credit ON attempt (society, drill) WHERE holds_credit;
CREATE INDEX attempt_deadline ON attempt (deadline) WHERE deadline IS NOT NULL;

-- Further notifications that one message to a shared number serves, or whose step it used up without serving them.
CREATE TABLE member (
    attempt uuid NOT NULL,
    notification uuid NOT NULL,
    decision_version integer NOT NULL,
    step_no integer NOT NULL,
    society text NOT NULL,
    channel text NOT NULL,
    served boolean NOT NULL,
    open boolean NOT NULL,
    PRIMARY KEY (attempt, notification, decision_version, step_no),
    CONSTRAINT member_permitted FOREIGN KEY (notification, decision_version, step_no, society, channel)
        REFERENCES step (notification, decision_version, step_no, society, channel)
);
CREATE UNIQUE INDEX member_one_open ON member (notification) WHERE open;
CREATE INDEX member_notification ON member (notification);

-- One message per shared number and campaign.
CREATE TABLE shared_message (
    campaign uuid NOT NULL,
    grp uuid NOT NULL,
    attempt uuid NOT NULL,
    PRIMARY KEY (campaign, grp)
);

CREATE TABLE message (
    attempt uuid PRIMARY KEY,
    message_id uuid NOT NULL,
    reference text NOT NULL,
    language text NOT NULL,
    not_before bigint NOT NULL,
    body bytea NOT NULL
) WITH (toast_tuple_target = 8160);
CREATE INDEX message_reference ON message (reference);

CREATE TABLE receipt (
    society text NOT NULL,
    id uuid NOT NULL,
    attempt uuid NOT NULL,
    kind text NOT NULL,
    at bigint NOT NULL,
    code text,
    source text NOT NULL,
    received_at bigint NOT NULL,
    PRIMARY KEY (society, id)
);
CREATE TRIGGER receipt_append_only BEFORE UPDATE OR DELETE ON receipt
    FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TABLE parked_receipt (
    society text NOT NULL,
    id uuid NOT NULL,
    attempt uuid NOT NULL,
    kind text NOT NULL,
    at bigint NOT NULL,
    code text,
    source text NOT NULL,
    received_at bigint NOT NULL,
    PRIMARY KEY (society, id)
);
CREATE INDEX parked_attempt ON parked_receipt (attempt);

ALTER TABLE staging ALTER COLUMN identity SET STORAGE EXTERNAL, ALTER COLUMN contact SET STORAGE EXTERNAL,
    ALTER COLUMN protection SET STORAGE EXTERNAL, ALTER COLUMN free_text SET STORAGE EXTERNAL;
ALTER TABLE record ALTER COLUMN identity SET STORAGE EXTERNAL, ALTER COLUMN contact SET STORAGE EXTERNAL,
    ALTER COLUMN protection SET STORAGE EXTERNAL, ALTER COLUMN free_text SET STORAGE EXTERNAL;
ALTER TABLE record_version ALTER COLUMN identity SET STORAGE EXTERNAL, ALTER COLUMN contact SET STORAGE EXTERNAL,
    ALTER COLUMN protection SET STORAGE EXTERNAL, ALTER COLUMN free_text SET STORAGE EXTERNAL;
ALTER TABLE statement ALTER COLUMN blob SET STORAGE EXTERNAL;
ALTER TABLE message ALTER COLUMN body SET STORAGE EXTERNAL;
